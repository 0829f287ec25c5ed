import ExactText
import Faults
import Results

/// Coloured words as a drawing.
struct ColoredWordsSVG {
  let words: ColoredWords
  private let scale: ColorScale

  /// - Throws: ``Interrupted``.
  init(_ words: ColoredWords) throws {
    self.words = words
    scale = try words.scale
  }

  private static let margin = 24.0
  private static let width = 860.0
  private static let fontSize = 16.0
  private static let lineHeight = 34.0
  private static let legendWidth = 260.0

  private struct PlacedWord {
    let word: ColoredWords.Word
    let text: String
    let box: Box
  }

  private func placed(top: Double) throws -> [PlacedWord] {
    var (x, y) = (Self.margin, top)
    return try words.words.interruptibleMap { word in
      let text = truncate(word.text.escapingControls, to: 60, ellipsis: "…")
      let width = estimatedWidth(text, fontSize: Self.fontSize) + 12
      if x + width > Self.width - Self.margin, x > Self.margin { (x, y) = (Self.margin, y + Self.lineHeight) }
      defer { x += width + 4 }
      return PlacedWord(word: word, text: text, box: Box(x: x, y: y, width: width, height: 26))
    }
  }

  /// - Throws: ``Interrupted``.
  func drawing() throws -> SVGDrawing {
    let room = Self.width - 2 * Self.margin
    let titles = wrapped(words.title.escapingControls, fontSize: 19, width: room)
    let subtitles = wrapped(words.subtitle.escapingControls, fontSize: 13, width: room)
    var y = Self.margin
    let heads =
      titles.map { line -> String in
        y += 20
        return svgText(
          line, at: Point(x: Self.margin, y: y), size: 17, "class=\"title\" font-weight=\"bold\"")
      }
      + subtitles.map { line -> String in
        y += 19
        return svgText(line, at: Point(x: Self.margin, y: y), size: 13, "class=\"title\" \(ChartSVG.soft)")
      }
    let placed = try placed(top: y + 18)
    let bottom = (placed.last?.box.maxY ?? y + 20) + 34
    let height = bottom + 44
    let axis = svgText(
      words.axis, at: Point(x: Self.margin, y: bottom + 11), size: 13, "class=\"axis\" \(ChartSVG.soft)")
    let start = Self.margin + estimatedWidth(words.axis, fontSize: 13) + 26
    let legend = try legend.level(at: Point(x: start, y: bottom), width: Self.legendWidth)
    let width = max(Self.width, start + Self.legendWidth + 90)
    let none =
      placed.isEmpty
      ? [svgText("no words", at: Point(x: Self.margin, y: y + 20), size: 13, ChartSVG.soft)] : []
    return SVGDrawing(
      title: words.title, width: width, height: height,
      parts: heads + none + (try placed.interruptibleFlatMap(shape)) + [axis] + legend)
  }

  private var legend: ColorLegend {
    ColorLegend(scale: scale, hasMissing: words.words.contains { $0.value.isNaN })
  }

  private func tip(_ word: ColoredWords.Word) -> String {
    "\(word.text): \(words.axis) \(formatNumber(word.value))"
  }

  private func shape(_ placed: PlacedWord) -> [String] {
    let color = scale.color(placed.word.value)
    return [
      rectangle(placed.box, "class=\"word\" rx=\"4\" fill=\"\(color.hex)\"", title: tip(placed.word)),
      svgText(
        placed.text, at: Point(x: placed.box.center.x, y: placed.box.y + 18.5), size: Self.fontSize,
        "class=\"token\" text-anchor=\"middle\" pointer-events=\"none\" fill=\"\(color.isLight ? "#000000" : "#ffffff")\""
      ),
    ]
  }
}
