import ExactText
import Rendering

/// Compares lines of results: text must be equal, numbers may differ a little.
///
/// Blanks only separate, since the width of a column depends on its numbers; ``isLaidOut(_:as:)`` compares them. Whole
/// numbers on both sides (positions, counts, identifiers) must be equal; digits that belong to a word (`L3H5`) are text.
///
/// Kernels of other processors add up in another order, which moves the last of the 24 bits of a Float32. Between those
/// for Haswell, Zen and SkylakeX, results differ by up to 1.2e-6 of their size (log-probabilities near -4 by 5e-6, sums
/// near -17 by 8e-6), some 20 units in the last place. A difference of such numbers is as far off, however near zero it is:
/// so the absolute tolerance is 1e-6 of the largest number of the result, of numbers up to 100, see ``scaled(to:)``.
///
/// What is printed is rounded besides, and two values on either side of a boundary print as neighbours in the last place
/// however close they are: a number that shows the digits it was rounded to agrees with its neighbours. Tables round to
/// `precision` digits; drawings, which are known by their axes and bars, to three or two, and bars to their steps.
struct LineComparison {
  /// Of the expected number.
  let relativeTolerance: Double
  /// Significant digits of tables.
  private let precision: Int
  private var absoluteTolerance = 1e-6

  struct Change: Equatable {
    let expected: String
    let found: String
    let difference: Double
    /// nil where the expected number is 0 or one of them is not finite.
    let relative: Double?
  }

  init(tolerance: Double, precision: Int = 5) {
    relativeTolerance = tolerance
    self.precision = precision
  }

  /// For lines of a result with these numbers. Whole ones are no measure, nor are those far above what a network gives out.
  func scaled(to lines: [String]) -> LineComparison {
    let sizes = lines.flatMap(LineParts.of).compactMap { part in
      if case .number(let x, let text) = part, x.isFinite, !isWhole(text) { abs(x) } else { nil }
    }
    var scaled = self
    scaled.absoluteTolerance = 1e-6 * min(100, max(1, sizes.max() ?? 0))
    return scaled
  }

  func agree(_ expected: String, _ found: String) -> Bool {
    changes(expected, found).map(\.isEmpty) ?? false
  }

  /// The numbers that are too far apart; nil when the texts differ otherwise.
  func changes(_ expected: String, _ found: String) -> [Change]? {
    let (a, b) = (LineParts.of(expected), LineParts.of(found))
    guard a.count == b.count else { return nil }
    let digits = LineParts.areDrawn(expected) ? 2 : precision
    var changes: [Change] = []
    for pair in zip(a, b) {
      switch pair {
      case (.text(let x), .text(let y)): guard x == y else { return nil }
      case (.bar(let x, let step), .bar(let y, let other)):
        guard step == other, abs(x - y) <= step else { return nil }
      case (.number(let x, let text), .number(let y, let other)):
        if let change = change(x, text, y, other), !areNeighbours(text, other, digits: digits) {
          changes.append(change)
        }
      default: return nil
      }
    }
    return changes
  }

  private func change(_ x: Double, _ text: String, _ y: Double, _ other: String) -> Change? {
    if x == y || x.isNaN && y.isNaN { return nil }
    let difference = y - x
    let areWhole = isWhole(text) && isWhole(other)
    if !areWhole, abs(difference) <= absoluteTolerance + relativeTolerance * abs(x) { return nil }
    let relative = x == 0 || !difference.isFinite ? nil : abs(difference / x)
    return Change(expected: text, found: other, difference: difference, relative: relative)
  }

  /// Whether fractions, one with at least so many significant digits, differ by one in the last place of the longer.
  private func areNeighbours(_ text: String, _ other: String, digits: Int) -> Bool {
    guard let x = PrintedNumber(text), let y = PrintedNumber(other), x.exponent == y.exponent else {
      return false
    }
    let decimals = max(x.decimals, y.decimals)
    guard decimals > 0, let a = x.digits(decimals: decimals), let b = y.digits(decimals: decimals) else {
      return false
    }
    return abs(a - b) <= 1 && max(x.significant, y.significant) >= digits
  }

  private func isWhole(_ text: String) -> Bool {
    text.allSatisfy { $0 == "-" || $0 == "+" || $0.isASCII && $0.isNumber }
  }
}

extension LineComparison.Change {
  var sentence: String {
    let difference = formatNumber(Float(difference))
    let relative = relative.map { ", relative \(formatNumber(Float($0)))" } ?? ""
    return "\(expected) -> \(found): difference \(difference)\(relative)"
  }
}
