/// How a product is divided into parts, each computed on one thread by one call of the library.
///
/// The library adds up an element's products in an order that depends on how many rows and columns a call has, and on where among
/// them the element is. ``ProductRules`` of the kernels in use make it depend on the element's column alone: rows are whole groups
/// from the start of a group on, with zeros behind the last ones, in calls that are not too small. Which columns need margins follows
/// from how many there are; where else columns are divided changes no bit.
struct ProductGrid {
  /// Columns of c.
  struct Columns {
    let kept: Range<Int>
    /// With the margins.
    let computed: Range<Int>

    init(_ kept: Range<Int>, margin: Int = 0) {
      self.kept = kept
      computed = kept.lowerBound - margin..<kept.upperBound + margin
    }
  }

  struct Part {
    let rows: Range<Int>
    /// How many rows the call has: more than there are where zeros are behind them.
    let padded: Int
    let columns: Columns
  }

  /// Floating-point operations between two checks for an interruption: 10 to 40 ms.
  private static let operationsPerStep = 4_000_000_000
  /// Columns and rows of a part at least: copying b takes as long as computing ten rows.
  private static let smallest = (columns: 128, rows: 96)
  /// And at most, where there are margins, beside which a call has 16 columns less; so the scratch of a thread is at most 0.6 MB.
  private static let most = (columns: 304, rows: 480)

  private let columns: [Columns]
  private let rows: [Range<Int>]
  private let rules: ProductRules
  /// Rows of a call at least.
  private let least: Int
  /// The parts that stand between two checks.
  let steps: [Range<Int>]

  init(
    rows count: Int, inner: Int, columns width: Int, layout: MatrixLayout, threads: Int,
    rules: ProductRules = .inUse
  ) {
    self.rules = rules
    let steps = Self.parts(2 * inner * count * width, of: Self.operationsPerStep)
    // Two parts for each thread, so that one that the system holds up does not hold up the rest.
    let wanted = 2 * threads * steps
    let margin = rules.margin
    // Beside the first and the last columns is no margin: they go in calls so narrow that they need none.
    let inside = margin > 0 ? max(0, (width - 2 * margin) / 16 * 16) : width
    let first = inside > 0 ? margin : 0
    let end = inside > 0 ? first + inside : 0
    let parts = Self.division(
      rows: count, columns: inside, into: wanted, threads: threads, hasMargin: margin > 0)
    let middle = Self.bounds(of: inside, parts: parts.columns, unit: margin > 0 ? 16 : 64)
    let last = Self.bounds(of: width - end, parts: Self.parts(width - end, of: 15), unit: 1)
    columns =
      middle.map { Columns(first + $0.lowerBound..<first + $0.upperBound, margin: margin) }
      + (first > 0 ? [Columns(0..<first)] : [])
      + last.map { Columns(end + $0.lowerBound..<end + $0.upperBound) }
    let narrowest = columns.map(\.computed.count).min() ?? 1
    least = rules.whole(rules.leastRows(inner: inner, columns: narrowest, layout: layout))
    rows = Self.bounds(of: count, parts: min(parts.rows, max(1, count / least)), unit: 24)
    let cells = rows.count * columns.count
    self.steps = (0..<min(steps, cells)).map {
      cells * $0 / min(steps, cells)..<cells * ($0 + 1) / min(steps, cells)
    }
  }

  subscript(index: Int) -> Part {
    let (row, column) = index.quotientAndRemainder(dividingBy: columns.count)
    return Part(rows: rows[row], padded: padded(rows[row]), columns: columns[column])
  }

  /// The last rows, where they are no whole groups or too few.
  var staged: Range<Int>? { rows.last.flatMap { padded($0) == $0.count ? nil : $0 } }

  func padded(_ rows: Range<Int>) -> Int { max(least, rules.whole(rows.count)) }

  /// At least `wanted` parts, as many for each thread, where they are large enough; nearly square, as each copies its rows of a and
  /// its columns of b.
  private static func division(
    rows: Int, columns: Int, into wanted: Int, threads: Int, hasMargin: Bool
  ) -> (rows: Int, columns: Int) {
    var (high, wide) = (1, 1)
    if hasMargin {
      (high, wide) = (self.parts(rows, of: most.rows), max(1, self.parts(columns, of: most.columns)))
    }
    while high * wide < wanted || high * wide % threads > 0 {
      let (height, width) = (rows / (high + 1), columns / (wide + 1))
      let (isHigh, isWide) = (height >= smallest.rows, width >= smallest.columns)
      if isWide, width >= height || !isHigh {
        wide += 1
      } else if isHigh {
        high += 1
      } else {
        break
      }
    }
    return (high, wide)
  }

  /// How many parts of at most `size` make `count`.
  private static func parts(_ count: Int, of size: Int) -> Int { (count + size - 1) / size }

  /// Nearly equal parts, of whole units but for the last.
  private static func bounds(of count: Int, parts: Int, unit: Int) -> [Range<Int>] {
    let units = self.parts(count, of: unit)
    let parts = max(1, min(parts, units))
    guard count > 0 else { return [] }
    func bound(_ part: Int) -> Int { min(count, units * part / parts * unit) }
    return (0..<parts).map { bound($0)..<bound($0 + 1) }
  }
}
