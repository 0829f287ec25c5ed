import ExactText
import Results

/// Patterns on a page: the drawing, and the words' influences as a table; pointing at a word shows its pattern alone.
struct PatternSection {
  private let plot: PatternPlot

  init(_ plot: PatternPlot) { self.plot = plot }

  /// - Throws: ``Interrupted``.
  func html() throws -> String {
    "<section class=\"patterns\">\n\(try HTMLPage.drawing(PatternPlotSVG(plot).drawing))\(table)</section>\n"
  }

  private var table: String {
    let kinds = plot.influenceKinds
    let headings = ["position"] + ["word"] + kinds.map(\.name)
    let header = headings.map { "<th\($0 == "word" ? " class=\"token\"" : "")>\($0)</th>" }.joined()
    let rows = plot.words.map { word in
      let numbers = kinds.map {
        "<td>\($0.value(of: word).map { formatNumber($0, precision: 4) } ?? "")</td>"
      }
      return
        "<tr\(classes(word)) data-position=\"\(word.position)\" tabindex=\"0\"><td>\(word.position)</td><td class=\"token\">\(xmlText(word.token))</td>"
        + numbers.joined() + "</tr>"
    }
    return """
      <div class="drawing"><table>
      <caption>Influence of each word</caption>
      <thead><tr>\(header)</tr></thead>
      <tbody>
      \(rows.map { $0 + "\n" }.joined())</tbody>
      </table></div>

      """
  }

  private func classes(_ word: PatternPlot.Word) -> String {
    if word.position == plot.target { return " class=\"target\"" }
    return plot.hiddenPositions.contains(word.position) ? " class=\"hidden\"" : ""
  }
}

extension Figure {
  /// Whether its page needs the script for patterns.
  var hasPatterns: Bool {
    switch self {
    case .patterns: true
    case .several(let figures): figures.contains(where: \.hasPatterns)
    case .heatmap, .heatmaps, .chart, .words: false
    }
  }
}
