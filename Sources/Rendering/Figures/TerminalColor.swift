/// The colours of a scale on a terminal.
extension ColorScale {
  /// `text` on the colour of `value`, in black or white.
  func background(of text: String, _ value: Double, trueColor: Bool) -> StyledText {
    background(of: text, at: position(value), trueColor: trueColor)
  }

  /// - Parameter position: 0 ... 1; nil for a missing value.
  func background(of text: String, at position: Double?, trueColor: Bool) -> StyledText {
    if trueColor {
      let color = position.map(color(at:)) ?? Self.missing
      return Self.styled("48;2;\(components(position))", isLight: color.isLight, text)
    }
    let index = position.map(paletteIndex) ?? Self.missingIndex
    return Self.styled("48;5;\(index)", isLight: !Self.darkIndices.contains(index), text)
  }

  /// Two colours in one character, the upper one in front.
  func halves(upper: Double?, lower: Double?, trueColor: Bool) -> StyledText {
    let codes = [("38", upper), ("48", lower)].map { "\($0);\(code($1, trueColor))" }
    return StyledText("▀", TextStyle(codes.joined(separator: ";")))
  }

  /// The last row of an odd number of them.
  func upperHalf(_ value: Double, trueColor: Bool) -> StyledText {
    StyledText("▀", TextStyle("38;\(code(position(value), trueColor))"))
  }

  private func code(_ position: Double?, _ trueColor: Bool) -> String {
    trueColor ? "2;\(components(position))" : "5;\(position.map(paletteIndex) ?? Self.missingIndex)"
  }

  private func components(_ position: Double?) -> String {
    let color = position.map(color(at:)) ?? Self.missing
    return [color.red, color.green, color.blue].map { String(Int($0.rounded())) }.joined(separator: ";")
  }

  /// The scale on one line: its ends, and 0 where it lies between them.
  func bar(_ options: RenderOptions) -> StyledText {
    let steps = 16
    let cells = (0..<steps).map { step in
      background(of: " ", at: Double(step) / Double(steps - 1), trueColor: options.trueColor)
    }
    let half = steps / 2
    let bar = isDiverging ? cells[..<half].joined() + " 0 " + cells[half...].joined() : cells.joined()
    let ends = [lower, upper].map { formatNumber($0, precision: min(options.precision, 3)) }
    return "\(ends[0]) \(bar) \(ends[1])"
  }

  private static func styled(_ background: String, isLight: Bool, _ text: String) -> StyledText {
    StyledText(text, TextStyle("\(background);38;5;\(isLight ? 16 : 231)"))
  }

  /// Chosen by hand: the nearest entries of xterm's 256 colours to a smooth scale jump in hue.
  private func paletteIndex(at position: Double) -> Int {
    let palette = isDiverging ? Self.divergingIndices : Self.sequentialIndices
    let step = (isReversed ? 1 - position : position) * Double(palette.count - 1)
    return palette[min(max(Int(step.rounded()), 0), palette.count - 1)]
  }

  private static let divergingIndices = [18, 25, 68, 110, 153, 189, 255, 224, 217, 210, 167, 124, 88]
  private static let sequentialIndices = [230, 194, 151, 115, 73, 67, 25, 18, 17]
  private static let darkIndices: Set = [17, 18, 25, 67, 68, 88, 124, 167]
  private static let missingIndex = 247
}
