import Results

/// Lengths of a pattern plot in pixels; they depend on the numbers of words and layers alone.
struct PatternPlotSizes {
  let rowPitch: Double
  let columnPitch: Double
  let fontSize: Double
  let labelFontSize: Double
  let nodeRadius: Double
  let barsWidth: Double = 170
  let quantityDistance: Double = 54
  let quantityRadius: Double = 12
  private let layers: Int

  init(_ plot: PatternPlot) {
    layers = plot.layers
    columnPitch = plot.layers <= 6 ? 124 : plot.words.count > 28 ? 112 : plot.layers <= 12 ? 100 : 88
    switch plot.words.count {
    case ...16: (rowPitch, fontSize, labelFontSize, nodeRadius) = (42, 14, 12, 5)
    case ...28: (rowPitch, fontSize, labelFontSize, nodeRadius) = (32, 13, 11, 4.5)
    default: (rowPitch, fontSize, labelFontSize, nodeRadius) = (27, 13, 11, 4)
    }
  }

  var gapStyle: PatternPlotGap.Style {
    .init(
      nodeRadius: nodeRadius, fontSize: labelFontSize, spread: labelFontSize + 3, widest: 2.4 * rowPitch)
  }

  /// Of the columns when no gap needs more than its usual width.
  var estimatedColumnsWidth: Double { Double(layers) * columnPitch }

  /// Columns of text that a token may take; CJK characters take two.
  private static let tokenLimit = 18

  func label(_ word: PatternPlot.Word) -> String {
    truncate(word.token.escapingControls, to: Self.tokenLimit, ellipsis: "…")
  }

  /// In proportion to the weight, but never too thin to see.
  func lineWidth(_ weight: Double, greatest: Double) -> Double {
    guard weight.isFinite, greatest > 0 else { return Self.thinnest }
    return max(Self.thinnest, Self.widest * weight / greatest)
  }

  static let thinnest = 1.2
  static let widest = 6.0
}
