import ExactText

/// Cells of a terminal with dots in them: 2 x 4 in Unicode's Braille patterns, one in ASCII.
struct ChartCanvas {
  private struct Cell {
    /// Bits of a Braille pattern.
    var dots: UInt32 = 0
    /// What stands over the dots; empty in the second column of a wide character.
    var text: String?
    var style: TextStyle?
  }

  let width: Int
  let height: Int
  private let isUnicode: Bool
  private var cells: [Cell]

  init(width: Int, height: Int, isUnicode: Bool) {
    (self.width, self.height, self.isUnicode) = (width, height, isUnicode)
    cells = Array(repeating: Cell(), count: width * height)
  }

  private var dotsAcross: Int { isUnicode ? 2 : 1 }
  private var dotsDown: Int { isUnicode ? 4 : 1 }

  /// The dot of a place; 0 ... 1 from the left and from the bottom.
  private func dot(_ x: Double, _ y: Double) -> (x: Int, y: Int) {
    func index(_ share: Double, _ count: Int) -> Int { Int((share * Double(count - 1)).rounded()) }
    return (index(x, width * dotsAcross), index(1 - y, height * dotsDown))
  }

  func cell(_ x: Double, _ y: Double) -> (column: Int, row: Int) {
    let dot = dot(x, y)
    return (dot.x / dotsAcross, dot.y / dotsDown)
  }

  /// Dots of rows in the two columns of a Braille pattern (Unicode Standard, chapter 21.1).
  private static let bits: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

  private mutating func set(_ x: Int, _ y: Int) {
    cells[y / dotsDown * width + x / dotsAcross].dots |= Self.bits[x % dotsAcross][y % dotsDown]
  }

  /// A straight line (Bresenham's) of every dot, or of each `gap`th.
  mutating func line(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), gap: Int = 1
  ) {
    let (a, b) = (dot(start.x, start.y), dot(end.x, end.y))
    let count = max(abs(b.x - a.x), abs(b.y - a.y))
    for step in stride(from: 0, through: count, by: gap) {
      func between(_ from: Int, _ to: Int) -> Int {
        count == 0 ? from : from + Int((Double((to - from) * step) / Double(count)).rounded())
      }
      set(between(a.x, b.x), between(a.y, b.y))
    }
  }

  /// - Precondition: `text` lies within the row.
  mutating func write(_ text: String, column: Int, row: Int, style: TextStyle? = nil) {
    var place = row * width + column
    for character in text {
      let columns = displayWidth(character)
      guard columns > 0 else { continue }
      cells[place].text = String(character)
      cells[place].style = style
      if columns == 2 { cells[place + 1].text = "" }
      place += columns
    }
  }

  var lines: [StyledText] {
    (0..<height).map { row in
      cells[(row * width)..<((row + 1) * width)].map { cell in
        StyledText(cell.text ?? dotText(cell.dots), cell.text == nil ? nil : cell.style)
      }.joined()
    }
  }

  private func dotText(_ dots: UInt32) -> String {
    if dots == 0 { return " " }
    guard isUnicode, let scalar = Unicode.Scalar(0x2800 + dots) else { return "." }
    return String(Character(scalar))
  }
}
