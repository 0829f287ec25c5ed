import ExactText
import Faults
import JSONReading

/// What splits or replaces parts of a text: a string or a regular expression.
enum Pattern: Sendable {
  case literal([Unicode.Scalar])
  case regex(Regex)

  /// `{"String": "..."}` or `{"Regex": "..."}`.
  init(_ field: JSONField) throws {
    let members = try field.members()
    guard members.count == 1, let (kind, value) = members.first, kind == "String" || kind == "Regex" else {
      throw field.mismatch("{\"String\": ...} or {\"Regex\": ...}")
    }
    let text = try value.string()
    guard !text.isEmpty else { throw value.mismatch("at least one character") }
    if kind == "String" {
      self = .literal(Array(text.unicodeScalars))
    } else {
      do { self = .regex(try Regex(text)) } catch let problem as RegexTranslation.Problem {
        throw value.mismatch(
          "a regular expression that means the same to PCRE2", found: "one with \(quoted(problem.construct))")
      }
    }
  }

  /// The matches in `text[part]`, from left to right.
  func forEachMatch(
    in text: [Unicode.Scalar], _ part: Range<Int>, _ body: (Range<Int>) throws -> Void
  ) throws {
    switch self {
    case .regex(let regex): try regex.forEachMatch(in: text, part, body)
    case .literal(let literal):
      var start = part.lowerBound
      var steps = Steps()
      while start + literal.count <= part.upperBound {
        try steps.next()
        if text[start] == literal[0], text[start..<start + literal.count].elementsEqual(literal) {
          try body(start..<start + literal.count)
          start += literal.count
        } else {
          start += 1
        }
      }
    }
  }

  /// `text[part]` as matches and what lies between them.
  func cuts(of text: [Unicode.Scalar], _ part: Range<Int>) throws -> [Cut] {
    var cuts: [Cut] = []
    var end = part.lowerBound
    try forEachMatch(in: text, part) { match in
      if end < match.lowerBound { cuts.append(Cut(range: end..<match.lowerBound, isMatch: false)) }
      cuts.append(Cut(range: match, isMatch: true))
      end = match.upperBound
    }
    if end < part.upperBound { cuts.append(Cut(range: end..<part.upperBound, isMatch: false)) }
    return cuts
  }
}

/// A part of a text between two places where it may be split.
struct Cut {
  var range: Range<Int>
  var isMatch: Bool

  /// `text[part]` with a cut for each character that `isMatch` takes.
  static func perCharacter(
    of text: [Unicode.Scalar], _ part: Range<Int>, _ isMatch: (Unicode.Scalar) -> Bool
  ) throws -> [Cut] {
    var cuts: [Cut] = []
    var end = part.lowerBound
    var steps = Steps()
    for index in part {
      try steps.next()
      guard isMatch(text[index]) else { continue }
      if end < index { cuts.append(Cut(range: end..<index, isMatch: false)) }
      cuts.append(Cut(range: index..<index + 1, isMatch: true))
      end = index + 1
    }
    if end < part.upperBound { cuts.append(Cut(range: end..<part.upperBound, isMatch: false)) }
    return cuts
  }
}

/// What becomes of the matches that a text is split at; `SplitDelimiterBehavior` of `tokenizers`.
enum SplitBehavior: String, CaseIterable, Sendable {
  case removed = "Removed"
  case isolated = "Isolated"
  case mergedWithPrevious = "MergedWithPrevious"
  case mergedWithNext = "MergedWithNext"
  case contiguous = "Contiguous"

  init(_ field: JSONField) throws {
    let name = try field.string()
    guard let behavior = Self.allCases.first(where: { $0.rawValue == name }) else {
      throw field.mismatch(Self.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self = behavior
  }

  /// The parts that are left, in order.
  ///
  /// - Throws: ``Interrupted``.
  func parts(_ cuts: [Cut]) throws -> [Range<Int>] {
    switch self {
    case .removed: return try merged(cuts.lazy.filter { !$0.isMatch }) { _, _ in false }
    case .isolated: return try merged(cuts) { _, _ in false }
    case .contiguous: return try merged(cuts) { $0 == $1 }
    case .mergedWithPrevious: return try merged(cuts) { isMatch, previous in isMatch && !previous }
    case .mergedWithNext:
      return try merged(cuts.reversed()) { isMatch, next in isMatch && !next }.reversed()
    }
  }

  /// Joins a cut to the one before where `joins` says so of whether they are matches; before the first there is none.
  private func merged(_ cuts: some Sequence<Cut>, _ joins: (Bool, Bool) -> Bool) throws -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var previous = false
    var steps = Steps()
    for cut in cuts {
      try steps.next()
      if joins(cut.isMatch, previous), let last = parts.popLast() {
        parts.append(min(last.lowerBound, cut.range.lowerBound)..<max(last.upperBound, cut.range.upperBound))
      } else {
        parts.append(cut.range)
      }
      previous = cut.isMatch
    }
    return parts
  }
}
