import Results
import Testing

@testable import Rendering

@Test func theDrawingHasAnElementForEachThing() throws {
  let plot = PatternPlots.small
  let svg = try PatternPlotSVG(plot).drawing.text()
  #expect(svg.components(of: "<g class=\"edge\" data-words=") == 11)
  // Five skips, and the sample in the legend.
  #expect(svg.components(of: "stroke-dasharray") == 5 + 1)
  // Six heads, and the sample.
  #expect(svg.components(of: "<g class=\"label\"") == 6 + 1)
  #expect(svg.components(of: "class=\"node\"") == 11)
  #expect(svg.components(of: "class=\"unused\"") == 11 * 5 - 11)
  #expect(svg.components(of: "class=\"bar\"") == 11 + 2 * 4)
  #expect(svg.components(of: "<g class=\"word\" data-position=") == 11)
  // A hidden state's number, and what computes it.
  #expect(svg.components(of: "class=\"column\"") == 2 * 5)
  #expect(svg.contains(">embed</text>") && svg.contains(">L3</text>") && !svg.contains(">L4</text>"))
  #expect(svg.components(of: "class=\"target\"") == 1)
  #expect(svg.components(of: "class=\"quantity\"") == 1)
}

@Test func coloursTellSigns() throws {
  let svg = try PatternPlotSVG(PatternPlots.small).drawing.text()
  func lines(_ sign: InfluenceSign) -> Int {
    svg.components(of: "fill=\"none\" stroke=\"\(sign.color.hex)\" stroke-opacity=\"0.85\"")
  }
  #expect(lines(.positive) == 7)
  #expect(lines(.negative) == 4)
  #expect(lines(.none) == 0)
}

@Test func pointingAtAnEdgeTellsItsStory() throws {
  let svg = try PatternPlotSVG(PatternPlots.small).drawing.text()
  #expect(
    svg.contains(
      "<title>h2 L1 “author” (2) → h3 L2 “[MASK]” (7), head 11: influence 0.328; of author (2)</title>"))
  #expect(svg.contains("<title>“author” (2), input influence: 1.025</title>"))
  let aggregate = try PatternPlotSVG(PatternPlots.aggregate).drawing.text()
  #expect(
    aggregate.contains(
      "<title>h1 L0 “author” (1) → h2 L1 “[MASK]” (3), head 4: influence 0.9, 98 % of the sentences; "
        + "of the (0), author (1)</title>"))
}

@Test func theLegendNamesWhatOccurs() throws {
  func legend(_ plot: PatternPlot) -> [String] { PatternPlotLayout(plot).legend.entries.map(\.text) }
  #expect(
    legend(PatternPlots.small) == [
      "positive influence", "negative influence", "skip connection", "attention head with its number",
      "Width: |influence|", "0.41", "0.2", "≤ 0.082", "input influence",
      "influence of the embedding-level pattern", "influence of the attention-level pattern",
      "quantity of interest", "the position it reads",
      "below 5 % of the sum of |influence|, on the input and of the patterns: pattern not drawn",
    ])
  #expect(
    legend(PatternPlots.aggregate) == [
      "positive influence", "negative influence", "influence 0 or undefined", "skip connection",
      "attention, number of the most frequent head", "Width: share of the sentences", "100 %", "50 %",
      "≤ 20 %", "input influence", "quantity of interest", "the position it reads",
    ])
}

@Test(arguments: [PatternPlots.small, PatternPlots.aggregate, special, empty])
func theDrawingIsWellFormed(plot: PatternPlot) throws {
  let svg = try PatternPlotSVG(plot).drawing.text()
  var open: [Substring] = []
  for match in svg.matches(
    of: /<(\/?)([a-z]+)((?:\s[a-z0-9-]+="[^"<]*"|\sxmlns="[^"]*"|\sviewBox="[^"]*")*)(\/?)>/)
  {
    if !match.1.isEmpty {
      #expect(open.popLast() == match.2)
    } else if match.4.isEmpty {
      open.append(match.2)
    }
  }
  #expect(open.isEmpty)
  let text = svg.replacing(/<[^<>]*>/, with: "")
  #expect(!text.contains("<") && !text.contains(">"))
  #expect(text.replacing(/&(amp|lt|gt|quot);/, with: "").contains("&") == false)
}

/// Everything that XML gives a meaning, or forbids.
private let special = PatternPlot(
  title: "<is> & \"are\"", subtitle: "]]>",
  words: [.init(position: 0, token: "</text>&\u{1B}語", input: 1, embedding: nil, attention: nil)], layers: 1,
  target: 0,
  edges: [.init(layer: 0, from: 0, to: 0, route: .block, influence: 1, weight: 1, words: [0])],
  isAggregate: false)

private let empty = PatternPlot(
  title: "", subtitle: "", words: [], layers: 0, target: 0, edges: [], isAggregate: false)

@Test func textIsEscaped() throws {
  let svg = try PatternPlotSVG(special).drawing.text()
  #expect(svg.contains(">&lt;is&gt; &amp; &quot;are&quot;</text>"))
  #expect(svg.contains(">]]&gt;</text>"))
  #expect(svg.contains(">&lt;/text&gt;&amp;\\u{1B}語</text>"))
  #expect(!svg.contains("\u{1B}"))
}

@Test func aPlotWithoutWordsSaysSo() throws {
  let svg = try PatternPlotSVG(empty).drawing.text()
  #expect(svg.contains(">no words</text>"))
  #expect(!svg.contains("class=\"column\""))
}

@Test func aPageHoldsTheDrawingAndATable() throws {
  let value = Value.figure(.patterns(PatternPlots.aggregate))
  let bytes = try FileFormats.encode(value, name: "p", for: "p.html")
  let page = String(decoding: bytes, as: UTF8.self)
  #expect(
    page.hasPrefix(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>is - are, demo</title>"))
  #expect(try page.contains(PatternPlotSVG(PatternPlots.aggregate).drawing.text()))
  let table = """
    <table>
    <caption>Influence of each word</caption>
    <thead><tr><th>position</th><th class="token">word</th><th>input</th></tr></thead>
    <tbody>
    <tr data-position="0" tabindex="0"><td>0</td><td class="token">the</td><td>0.25</td></tr>
    <tr data-position="1" tabindex="0"><td>1</td><td class="token">author</td><td>1.5</td></tr>
    <tr data-position="2" tabindex="0"><td>2</td><td class="token">like</td><td>-0.75</td></tr>
    <tr class="target" data-position="3" tabindex="0"><td>3</td><td class="token">[MASK]</td><td>0</td></tr>
    </tbody>
    </table>
    """
  #expect(page.contains(table))
  #expect(page.components(of: "<script>") == 1 && !page.contains("href") && !page.contains("src="))
}

@Test func aDrawingIsSavedAsItStands() throws {
  let value = Value.figure(.patterns(PatternPlots.small))
  let bytes = try FileFormats.encode(value, name: "p", for: "p.svg")
  #expect(String(decoding: bytes, as: UTF8.self) == (try PatternPlotSVG(PatternPlots.small).drawing.text()))
}

@Test func drawingsTellFeedForwardBranches() throws {
  let svg = try PatternPlotSVG(PatternPlots.refined).drawing.text()
  // A head that goes on through the branch, a skip connection that does, and two samples in the legend.
  #expect(svg.components(of: "<g class=\"label\"") == 2 + 2)
  #expect(svg.components(of: ">3+mlp</text>") == 1)
  #expect(svg.components(of: ">+mlp</text>") == 2)
  #expect(svg.contains("head 3, then the feed-forward branch: influence 0.25; of the (0)"))
  #expect(svg.contains("skip connection, then past the feed-forward branch: influence 0.25; of the (0)"))
  #expect(svg.contains("influence of the feed-forward-level pattern"))
  let table = PatternPlots.refined.edgeTable
  #expect(table.columns == ["layer", "from", "to", "route", "branch", "influence", "weight", "words"])
  #expect(!PatternPlots.small.edgeTable.columns.contains("branch"))
}
