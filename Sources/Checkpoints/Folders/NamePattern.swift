import ExactText

/// A pattern of names as shells write them: `*` for any characters, `?` for one, `[a-f0]` for one of these, `[!0]` for
/// one that is none of these.
///
/// IEEE Std 1003.1-2017, Shell Command Language, 2.13, without classes of characters.
struct NamePattern {
  private enum Part {
    case scalar(Unicode.Scalar)
    case one
    case any
    case choice([ClosedRange<Unicode.Scalar>], isNegated: Bool)
  }

  private let parts: [Part]
  /// Whether it means more than the name that it is written as.
  let hasWildcards: Bool

  init(_ text: String) {
    let scalars = Array(text.unicodeScalars)
    var (parts, index) = ([Part](), 0)
    while index < scalars.count {
      if scalars[index] == "[", let (choice, end) = Self.choice(scalars, from: index + 1) {
        parts.append(choice)
        index = end
        continue
      }
      switch scalars[index] {
      case "*": parts.append(.any)
      case "?": parts.append(.one)
      default: parts.append(.scalar(scalars[index]))
      }
      index += 1
    }
    self.parts = parts
    hasWildcards = !parts.allSatisfy { if case .scalar = $0 { true } else { false } }
  }

  /// What stands in brackets, and where it ends; nil for a bracket that none closes, which stands for itself.
  private static func choice(_ scalars: [Unicode.Scalar], from start: Int) -> (Part, Int)? {
    let isNegated = start < scalars.count && (scalars[start] == "!" || scalars[start] == "^")
    let first = start + (isNegated ? 1 : 0)
    // A bracket that comes first is one of the choices.
    guard first < scalars.count, let end = scalars[(first + 1)...].firstIndex(of: "]") else { return nil }
    var (ranges, index) = ([ClosedRange<Unicode.Scalar>](), first)
    while index < end {
      let isRange = index + 2 < end && scalars[index + 1] == "-" && scalars[index] <= scalars[index + 2]
      ranges.append(scalars[index]...scalars[isRange ? index + 2 : index])
      index += isRange ? 3 : 1
    }
    return (.choice(ranges, isNegated: isNegated), end + 1)
  }

  /// Takes time in the product of both lengths at most: only the last `*` is tried again.
  func matches(_ name: String) -> Bool {
    let scalars = Array(name.unicodeScalars)
    var (part, place) = (0, 0)
    var star: (part: Int, place: Int)?
    while place < scalars.count {
      if part < parts.count, case .any = parts[part] {
        star = (part, place)
        part += 1
      } else if part < parts.count, matches(parts[part], scalars[place]) {
        (part, place) = (part + 1, place + 1)
      } else if let (starPart, starPlace) = star {
        star = (starPart, starPlace + 1)
        (part, place) = (starPart + 1, starPlace + 1)
      } else {
        return false
      }
    }
    return parts[part...].allSatisfy { if case .any = $0 { true } else { false } }
  }

  private func matches(_ part: Part, _ scalar: Unicode.Scalar) -> Bool {
    switch part {
    case .scalar(let own): own == scalar
    case .one, .any: true
    case .choice(let ranges, let isNegated): ranges.contains { $0.contains(scalar) } != isNegated
    }
  }
}
