import ExactText
import Faults
import Foundation

/// The normalization forms of Unicode, with the tables of Unicode 9 that `tokenizers` has.
enum UnicodeForm: Sendable {
  case nfc, nfd, nfkc, nfkd

  private var isCompatible: Bool { self == .nfkc || self == .nfkd }
  private var composes: Bool { self == .nfc || self == .nfkc }

  /// No character below has a decomposition or composes with the one before.
  private var firstAffected: UInt32 {
    switch self {
    case .nfc: 0x300
    case .nfd: 0xC0
    case .nfkc, .nfkd: 0xA0
    }
  }

  /// - Throws: ``Interrupted``.
  func apply(to text: NormalizedText) throws -> NormalizedText {
    let first = firstAffected
    if try text.scalars.indices.forAll({ text.scalars[$0].value < first }) { return text }
    var parts = try decomposed(text)
    if composes { parts = try Composition.composed(parts) }
    var rewriter = TextRewriter(text)
    var steps = Steps()
    for part in parts {
      try steps.next()
      rewriter.put(part.scalar, change: part.change)
    }
    return rewriter.result
  }

  /// A character of a decomposed text; its change is 0 where it begins a decomposition, else 1.
  struct Part {
    var scalar: Unicode.Scalar
    var change: Int
  }

  /// In canonical order: runs of marks sorted by their class.
  private func decomposed(_ text: NormalizedText) throws -> [Part] {
    var parts: [Part] = []
    parts.reserveCapacity(text.count)
    // Of the marks since the last character without a class.
    var marks: [(part: Part, mark: UInt8)] = []
    var steps = Steps()
    func flush() throws {
      guard !marks.isEmpty else { return }
      let sorted = try marks.enumerated().interruptibleSorted {
        ($0.element.mark, $0.offset) < ($1.element.mark, $1.offset)
      }
      parts += sorted.map(\.element.part)
      marks.removeAll(keepingCapacity: true)
    }
    for scalar in text.scalars {
      try steps.next()
      var change = 0
      try Decomposition.forEach(of: scalar, isCompatible: isCompatible) { scalar in
        let mark = scalar.combiningClass
        if mark == 0 {
          try flush()
          parts.append(Part(scalar: scalar, change: change))
        } else {
          marks.append((Part(scalar: scalar, change: change), mark))
        }
        change = 1
      }
    }
    try flush()
    return parts
  }
}

extension Range<Int> {
  /// Whether every element satisfies `predicate`, looked at in parts.
  fileprivate func forAll(_ predicate: (Int) -> Bool) throws -> Bool {
    var isTrue = true
    try forEachPart { part in
      if isTrue { isTrue = part.allSatisfy(predicate) }
    }
    return isTrue
  }
}

/// Canonical composition (The Unicode Standard, section 3.11), with the tables of Unicode 9.
enum Composition {
  /// The composed text. A composed character replaces as many of the original text as its parts did.
  static func composed(_ parts: [UnicodeForm.Part]) throws -> [UnicodeForm.Part] {
    var result: [UnicodeForm.Part] = []
    result.reserveCapacity(parts.count)
    // Of the last starter, and of the last mark behind it that stayed.
    var (starter, lastMark): (Int?, UInt8?) = (nil, nil)
    var steps = Steps()
    for part in parts {
      try steps.next()
      let mark = part.scalar.combiningClass
      if let starter, lastMark.map({ $0 < mark }) ?? true,
        let composed = compose(result[starter].scalar, part.scalar)
      {
        result[starter].scalar = composed
        result[starter].change += part.change - 1
        continue
      }
      if mark == 0 {
        (starter, lastMark) = (result.count, nil)
      } else if starter != nil {
        lastMark = mark
      }
      result.append(part)
    }
    return result
  }

  private static func compose(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
    let (a, b) = (first.value, second.value)
    if 0x1100..<0x1113 ~= a, 0x1161..<0x1176 ~= b {
      return Unicode.Scalar(0xAC00 + ((a - 0x1100) * 21 + b - 0x1161) * 28)
    }
    if 0xAC00..<0xD7A4 ~= a, (a - 0xAC00) % 28 == 0, 0x11A8..<0x11C3 ~= b {
      return Unicode.Scalar(a + b - 0x11A7)
    }
    return pairs[UInt64(a) << 32 | UInt64(b)]
  }

  /// The primary composites: characters that Foundation makes again of their decomposition.
  private static let pairs: [UInt64: Unicode.Scalar] = {
    var pairs: [UInt64: Unicode.Scalar] = [:]
    for (scalar, parts) in Decomposition.canonical where parts.count > 1 {
      func composed(_ parts: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: parts)
        return Array(String(text).precomposedStringWithCanonicalMapping.unicodeScalars)
      }
      let first = composed(parts.dropLast())
      guard first.count == 1, composed(parts) == [scalar] else { continue }
      pairs[UInt64(first[0].value) << 32 | UInt64(parts[parts.count - 1].value)] = scalar
    }
    return pairs
  }()
}

extension Unicode.Scalar {
  /// General category M, in Unicode 9: what `StripAccents` takes away.
  var isCombiningMark: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: value >= 0x300 && (properties.age?.major ?? .max) <= 9
    default: false
    }
  }
}
