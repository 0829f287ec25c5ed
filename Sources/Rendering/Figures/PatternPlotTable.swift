import ExactText
import Results

/// The words' influences as an HTML table.
struct PatternPlotTable {
  private let plot: PatternPlot

  init(_ plot: PatternPlot) { self.plot = plot }

  static let style =
    "body { font-family: sans-serif; color: #22262e; } svg { max-width: none; }"
    + " table { border-collapse: collapse; margin-top: 1.5em; font-size: 14px; }"
    + " th, td { padding: 0.25em 0.9em; text-align: right; border-bottom: 1px solid #e5e7eb; }"
    + " td.token, th.token { text-align: left; } tr.target { background: #fff4d6; font-weight: bold; }"
    + " tr.hidden { color: #8b93a1; }"

  var html: String {
    let kinds = plot.influenceKinds
    let headings = ["position"] + ["word"] + kinds.map(\.name)
    let header = headings.map { "<th\($0 == "word" ? " class=\"token\"" : "")>\($0)</th>" }.joined()
    let rows = plot.words.map { word in
      let numbers = kinds.map {
        "<td>\($0.value(of: word).map { formatNumber($0, precision: 4) } ?? "")</td>"
      }
      return "<tr\(classes(word))><td>\(word.position)</td><td class=\"token\">\(xmlText(word.token))</td>"
        + numbers.joined() + "</tr>"
    }
    return """
      <table>
      <caption>Influence of each word</caption>
      <thead><tr>\(header)</tr></thead>
      <tbody>
      \(rows.map { $0 + "\n" }.joined())</tbody>
      </table>

      """
  }

  private func classes(_ word: PatternPlot.Word) -> String {
    if word.position == plot.target { return " class=\"target\"" }
    return plot.hiddenPositions.contains(word.position) ? " class=\"hidden\"" : ""
  }
}
