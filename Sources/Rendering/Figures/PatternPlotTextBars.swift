/// Signed bars of block characters on one scale; negative ones lead left from the axis.
struct TextBars {
  private let left: Int
  private let right: Int
  /// What a full column stands for.
  private let unit: Double
  private let marks: PatternMarks

  /// - Parameter width: of a bar with the axis; below 5 there are none.
  init(_ values: [Double], width: Int, marks: PatternMarks) {
    let finite = values.filter(\.isFinite)
    let (lower, upper) = (finite.reduce(0, min), finite.reduce(0, max))
    // Halved, since the difference of two finite numbers may be infinite.
    let span = upper / 2 - lower / 2
    let cells = width >= 5 && span > 0 ? width - 1 : 0
    left = Self.leftShare(of: cells, lower: lower, upper: upper, span: span)
    right = cells - left
    unit = max(left > 0 ? -lower / Double(left) : 0, right > 0 ? upper / Double(right) : 0)
    self.marks = marks
  }

  /// In proportion to the negative part; each side that has values has a column.
  private static func leftShare(of cells: Int, lower: Double, upper: Double, span: Double) -> Int {
    guard cells > 0, lower < 0 else { return 0 }
    if upper <= 0 { return cells }
    return min(max(1, Int((Double(cells) * (-lower / 2 / span)).rounded())), cells - 1)
  }

  /// 0 when there is no room for bars.
  var width: Int { left + right == 0 ? 0 : left + 1 + right }

  /// Exactly ``width`` columns.
  func bar(_ value: Double?, isColored: Bool = true) -> StyledText {
    guard width > 0 else { return "" }
    let value = value.flatMap { $0.isFinite ? $0 : nil } ?? 0
    let (negative, positive) = (leftward(max(0, -value)), rightward(max(0, value)))
    func shape(_ text: String, _ sign: InfluenceSign) -> StyledText {
      isColored ? marks.colored(text, sign) : StyledText(text)
    }
    return
      "\(spaces(left - displayWidth(negative)))\(shape(negative, .negative))\(marks.axis)\(shape(positive, .positive))"
      + StyledText(spaces(right - displayWidth(positive)))
  }

  private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  private func rightward(_ magnitude: Double) -> String {
    guard marks.isUnicode else { return String(repeating: "#", count: parts(magnitude, of: 1, in: right)) }
    let eighths = magnitude > 0 ? max(1, parts(magnitude, of: 8, in: right)) : 0
    return String(repeating: "█", count: eighths / 8) + Self.eighths[eighths % 8]
  }

  /// In halves of a column: with an eighth, the only parts of it that characters fill from the right.
  private func leftward(_ magnitude: Double) -> String {
    guard marks.isUnicode else { return String(repeating: "#", count: parts(magnitude, of: 1, in: left)) }
    let halves = parts(magnitude, of: 2, in: left)
    if magnitude > 0, halves == 0 { return "▕" }
    return (halves % 2 == 1 ? "▐" : "") + String(repeating: "█", count: halves / 2)
  }

  /// The length of `magnitude` in parts of a column.
  private func parts(_ magnitude: Double, of count: Int, in columns: Int) -> Int {
    guard magnitude > 0 else { return 0 }
    return Int(min(Double(columns * count), magnitude / unit * Double(count)).rounded())
  }
}
