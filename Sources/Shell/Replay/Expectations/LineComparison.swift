import Rendering

/// Compares lines of results: text must be equal, numbers may differ a little.
///
/// Blanks only separate, since the width of a column depends on its numbers. Whole numbers on both sides (positions,
/// counts, identifiers) must be equal; digits that belong to a word (`L3H5`) are text.
struct LineComparison {
  /// Of the expected number.
  let relativeTolerance: Double
  private let absoluteTolerance = 1e-6

  struct Change: Equatable {
    let expected: String
    let found: String
    let difference: Double
    /// nil where the expected number is 0 or one of them is not finite.
    let relative: Double?
  }

  init(tolerance: Double) { relativeTolerance = tolerance }

  func agree(_ expected: String, _ found: String) -> Bool {
    changes(expected, found).map(\.isEmpty) ?? false
  }

  /// The numbers that are too far apart; nil when the texts differ otherwise.
  func changes(_ expected: String, _ found: String) -> [Change]? {
    let (a, b) = (LineParts.of(expected), LineParts.of(found))
    guard a.count == b.count else { return nil }
    var changes: [Change] = []
    for pair in zip(a, b) {
      switch pair {
      case (.text(let x), .text(let y)): guard x == y else { return nil }
      case (.number(let x, let text), .number(let y, let other)):
        if let change = change(x, text, y, other) { changes.append(change) }
      default: return nil
      }
    }
    return changes
  }

  private func change(_ x: Double, _ text: String, _ y: Double, _ other: String) -> Change? {
    if x == y || x.isNaN && y.isNaN { return nil }
    let difference = y - x
    let areWhole = text.allSatisfy(isDigitOrSign) && other.allSatisfy(isDigitOrSign)
    if !areWhole, abs(difference) <= absoluteTolerance + relativeTolerance * abs(x) { return nil }
    let relative = x == 0 || !difference.isFinite ? nil : abs(difference / x)
    return Change(expected: text, found: other, difference: difference, relative: relative)
  }

  private func isDigitOrSign(_ character: Character) -> Bool {
    character == "-" || character == "+" || character.isASCII && character.isNumber
  }
}

extension LineComparison.Change {
  var sentence: String {
    let difference = formatNumber(Float(difference))
    let relative = relative.map { ", relative \(formatNumber(Float($0)))" } ?? ""
    return "\(expected) -> \(found): difference \(difference)\(relative)"
  }
}
