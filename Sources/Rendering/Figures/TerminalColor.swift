extension RGB {
  /// `text` on this background, in black or white, for a terminal.
  func background(of text: String, trueColor: Bool) -> String {
    let escape =
      trueColor
      ? "48;2;\(Int(red.rounded()));\(Int(green.rounded()));\(Int(blue.rounded()))"
      : "48;5;\(paletteIndex)"
    return "\u{1B}[\(escape);38;5;\(isLight ? 16 : 231)m\(text)\u{1B}[0m"
  }

  /// The nearest entry of the 6 x 6 x 6 cube (16 ... 231) or of the greys (232 ... 255) in xterm's
  /// palette of 256.
  var paletteIndex: Int {
    let cube = [red, green, blue].map(Self.nearestLevel)
    let grey = min(max(Int(((red + green + blue) / 3 - 8) / 10 + 0.5), 0), 23)
    let level = Double(8 + 10 * grey)
    let cubeColor = RGB(Self.levels[cube[0]], Self.levels[cube[1]], Self.levels[cube[2]])
    if distance(to: RGB(level, level, level)) < distance(to: cubeColor) { return 232 + grey }
    return 16 + 36 * cube[0] + 6 * cube[1] + cube[2]
  }

  private static let levels: [Double] = [0, 95, 135, 175, 215, 255]

  private static func nearestLevel(_ component: Double) -> Int {
    levels.indices.min { abs(levels[$0] - component) < abs(levels[$1] - component) } ?? 0
  }

  private func distance(to other: RGB) -> Double {
    let (r, g, b) = (red - other.red, green - other.green, blue - other.blue)
    return r * r + g * g + b * b
  }
}
