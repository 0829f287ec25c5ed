import Results
import Testing

@testable import Rendering

@Test func wordsBelowTheShareAreHidden() {
  // Of 1.025 + 0.7625 + 0.25 + 0.0125 + 6 * 0.004 = 2.074.
  #expect(PatternPlots.small.hiddenPositions == [0, 1, 3, 4, 7, 8, 9, 10])
  #expect(PatternPlots.small.shownEdges.count == 11)
  #expect(PatternPlots.small.edges.count == 15)
}

@Test(arguments: [(0.0, [Int]()), (0.1, [0]), (0.3, [0, 2]), (1.1, [0, 1, 2])])
func theShareIsOfTheSumOfMagnitudes(share: Double, hidden: [Int]) {
  #expect(plot(inputs: [0, 3, -1], hidesBelow: share).hiddenPositions == Set(hidden))
}

@Test func valuesThatAreNoNumbersHaveNoShare() {
  #expect(plot(inputs: [.nan, nil, 2, .infinity], hidesBelow: 0.5).hiddenPositions == [0, 1, 3])
  #expect(plot(inputs: [nil, 0], hidesBelow: 0.5).hiddenPositions.isEmpty)
}

/// Five per cent of either: a word whose pattern is strong is drawn, however weak it is on the input.
@Test func aStrongPatternIsNotHidden() {
  func word(_ position: Int, _ input: Double, _ attention: Double?) -> PatternPlot.Word {
    .init(position: position, token: "w", input: input, embedding: nil, attention: attention)
  }
  let words = [word(0, 9, 0.01), word(1, 0.1, 1), word(2, 0.1, 0.02), word(3, 0.1, nil)]
  let plot = PatternPlot(
    title: "", subtitle: "", words: words, layers: 1, target: 0, edges: [], isAggregate: false)
  #expect(plot.hiddenPositions == [2, 3])
}

@Test func anEdgeIsDrawnWhileOneOfItsWordsIs() {
  func edge(_ words: [Int]) -> PatternPlot.Edge {
    .init(layer: 0, from: 0, to: 0, route: .block, influence: 1, weight: 1, words: words)
  }
  let edges = [edge([0]), edge([0, 1]), edge([1]), edge([])]
  let shown = plot(inputs: [0, 3], edges: edges, hidesBelow: 0.1).shownEdges
  #expect(shown.map(\.words) == [[0, 1], [1], []])
}

@Test func dataHoldsEveryWordAndEdge() throws {
  let value = Value.figure(.patterns(PatternPlots.aggregate))
  let json = try JSONText.string(value)
  #expect(
    json.hasPrefix(
      #"{"title": "is - are, demo", "subtitle": "100 sentences of a task", "layers": 2, "target": 3, "#
        + #""aggregate": true, "hides_below": 0.05, "words": [{"position": 0, "token": "the", "input": 0.25, "#
        + #""embedding": null, "attention": null}, "#))
  #expect(
    json.hasSuffix(
      #"{"layer": 1, "from": 0, "to": 3, "route": 4, "influence": 0, "weight": 0.25, "words": [0]}, "#
        + #"{"layer": 1, "from": 3, "to": 3, "route": "skip", "influence": -0.4, "weight": 0.875, "words": [2]}]}"#
    ))
  #expect(json.components(of: #""route""#) == 7)
}

@Test func separatedTextHoldsTheEdges() throws {
  #expect(
    try SeparatedText.csv.string(.figure(.patterns(PatternPlots.aggregate)))
      == [
        "layer,from,to,route,influence,weight,words", "0,0,0,skip,0.1,0.58,[0]", "0,0,1,11,0.2,0.42,[0]",
        "0,1,1,skip,0.7,1,[1]", "0,2,3,2,-0.4,0.875,[2]", "1,1,3,4,0.9,0.98,\"[0, 1]\"",
        "1,0,3,4,0,0.25,[0]", "1,3,3,skip,-0.4,0.875,[2]", "",
      ].joined(separator: "\r\n"))
}

@Test func onOneLineAPlotIsItsSize() throws {
  let text = try TableLayout(RenderOptions()).inline(.figure(.patterns(PatternPlots.small)))
  #expect(text == "patterns of 11 words through 4 layers")
}

private func plot(inputs: [Double?], edges: [PatternPlot.Edge] = [], hidesBelow: Double) -> PatternPlot {
  PatternPlot(
    title: "", subtitle: "",
    words: inputs.enumerated().map {
      .init(position: $0, token: "w", input: $1, embedding: nil, attention: nil)
    },
    layers: 1, target: 0, edges: edges, isAggregate: false, hidesBelow: hidesBelow)
}

extension String {
  /// How often `part` occurs.
  func components(of part: String) -> Int { ranges(of: part).count }
}
