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
      let components = [color.red, color.green, color.blue].map { String(Int($0.rounded())) }
      return Self.styled("48;2;\(components.joined(separator: ";"))", isLight: color.isLight, text)
    }
    let index = position.map(paletteIndex) ?? Self.missingIndex
    return Self.styled("48;5;\(index)", isLight: !Self.darkIndices.contains(index), text)
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
