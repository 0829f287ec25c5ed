import Results
import Testing

@testable import Rendering

/// Sentences of 11 and 40 tokens, with few and many layers, heads and patterns.
private let plots: [PatternPlot] =
  (1...4).map { PatternPlots.random(tokens: PatternPlots.sentence, layers: 6, target: 7, words: 8, seed: $0) }
  + [
    PatternPlots.small, PatternPlots.aggregate,
    PatternPlots.random(tokens: PatternPlots.sentence, layers: 12, target: 0, words: 10, seed: 9, sign: -1),
    PatternPlots.random(
      tokens: PatternPlots.long, layers: 12, target: 17, words: 39, seed: 10, hidesBelow: 0),
    PatternPlots.random(
      tokens: PatternPlots.long, layers: 24, heads: 16, target: 39, words: 30, seed: 11, hidesBelow: 0.01),
    PatternPlots.random(tokens: ["a"], layers: 3, target: 0, words: 0, seed: 12),
    parallel(count: 60), empty,
  ]

private let layouts = plots.map(PatternPlotLayout.init)

private let empty = PatternPlot(
  title: "t", subtitle: "", words: [], layers: 2, target: 0, edges: [], isAggregate: false)

/// Every head of a block between the same two nodes.
private func parallel(count: Int) -> PatternPlot {
  PatternPlot(
    title: "", subtitle: "",
    words: [.init(position: 0, token: "a", input: 1, embedding: nil, attention: nil)], layers: 2, target: 0,
    edges: (0..<count).map {
      .init(layer: 0, from: 0, to: 0, route: .head($0), influence: 1, weight: 1, words: [0])
    }, isAggregate: false)
}

@Test(arguments: layouts) func labelsCoverNeitherEachOtherNorNodes(layout: PatternPlotLayout) {
  let labels = layout.edges.compactMap(\.label?.box)
  #expect(labels.count == layout.plot.shownEdges.count { $0.route.isHead })
  for (index, box) in labels.enumerated() {
    #expect(labels[(index + 1)...].allSatisfy { !$0.intersects(box) }, "\(box)")
    #expect(
      layout.nodes.allSatisfy { node in
        let size = 2 * layout.sizes.nodeRadius
        return !Box(center: node.center, width: size, height: size).intersects(box)
      }, "\(box)")
  }
}

@Test(arguments: layouts) func labelsLieOnTheirLines(layout: PatternPlotLayout) {
  for edge in layout.edges {
    guard let label = edge.label else { continue }
    #expect(label.text == edge.edge.headText)
    let distances = (0...400).map { step -> Double in
      let point = edge.curve.point(at: Double(step) / 400)
      return abs(point.x - label.box.center.x) + abs(point.y - label.box.center.y)
    }
    #expect((distances.min() ?? .infinity) < 3)
  }
}

@Test(arguments: layouts) func everythingStandsOnTheCanvas(layout: PatternPlotLayout) {
  let canvas = Box(x: 0, y: 0, width: layout.width, height: layout.height)
  let points =
    layout.nodes.map(\.center) + layout.edges.flatMap(\.curve.corners) + [layout.quantity].compactMap { $0 }
  #expect(points.allSatisfy { canvas.contains(Box(center: $0, width: 0, height: 0)) })
  #expect(layout.bars.bars.allSatisfy { canvas.contains($0.box) })
  for entry in layout.legend.entries {
    let width =
      entry.textX - entry.origin.x + estimatedWidth(entry.text, fontSize: PatternPlotLegend.fontSize)
    #expect(
      canvas.contains(Box(x: entry.origin.x, y: entry.origin.y - 8, width: width, height: 16)), "\(entry)")
  }
}

@Test(arguments: layouts) func legendEntriesStandApart(layout: PatternPlotLayout) {
  let boxes = layout.legend.entries.map { entry in
    let width =
      entry.textX - entry.origin.x + estimatedWidth(entry.text, fontSize: PatternPlotLegend.fontSize)
    return Box(x: entry.origin.x, y: entry.origin.y - 8, width: width, height: 16)
  }
  for (index, box) in boxes.enumerated() {
    #expect(boxes[(index + 1)...].allSatisfy { !$0.intersects(box) })
  }
}

@Test(arguments: layouts) func edgesJoinNeighbouringColumns(layout: PatternPlotLayout) {
  #expect(layout.columns.count == layout.plot.layers + 1)
  #expect(zip(layout.columns, layout.columns.dropFirst()).allSatisfy { $1 - $0 >= layout.sizes.columnPitch })
  let rows = Dictionary(uniqueKeysWithValues: layout.rows.map { ($0.word.position, $0.y) })
  for placed in layout.edges {
    #expect(
      placed.curve.start == Point(x: layout.columns[placed.edge.layer], y: rows[placed.edge.from] ?? -1))
    #expect(
      placed.curve.end == Point(x: layout.columns[placed.edge.layer + 1], y: rows[placed.edge.to] ?? -1))
  }
}

@Test func onlyAGapWithoutRoomForItsLabelsIsWider() {
  let layout = PatternPlotLayout(parallel(count: 60))
  #expect(layout.columns[1] - layout.columns[0] > 2 * layout.sizes.columnPitch)
  #expect(layout.columns[2] - layout.columns[1] == layout.sizes.columnPitch)
  let few = PatternPlotLayout(parallel(count: 5))
  #expect(few.columns[1] - few.columns[0] == few.sizes.columnPitch)
}

@Test func linesBetweenTheSameNodesBulgeApart() {
  let last = PatternPlotLayout(PatternPlots.small).edges.filter { $0.edge.layer == 3 }
  #expect(last.map(\.curve.bulge) == [7.5, -7.5])
  #expect(last.map(\.edge.words) == [[2, 6], [5]])
  let bulges = PatternPlotLayout(parallel(count: 4)).edges.map(\.curve.bulge)
  #expect(bulges == [22.5, 7.5, -7.5, -22.5])
}

@Test func widthsAreInProportionToWeights() {
  let edges = PatternPlotLayout(PatternPlots.aggregate).edges
  let widths = Dictionary(uniqueKeysWithValues: edges.map { ($0.edge.weight, $0.width) }.unique)
  #expect(widths[1] == 6)
  #expect(widths[0.875] == 5.25)
  #expect(widths[0.25] == 1.5)
  // Wide lines lie below thin ones.
  #expect(edges.filter { $0.edge.layer == 0 }.map(\.edge.weight) == [1, 0.875, 0.58, 0.42])
}

@Test func barsShareOneSignedScale() throws {
  let bars = PatternPlotLayout(PatternPlots.small).bars
  let pixelsPerUnit = try #require(bars.bars.first { $0.value == 0.82 }).box.width / 0.82
  for bar in bars.bars {
    #expect(abs(bar.box.width - abs(bar.value) * pixelsPerUnit) < 1e-9)
    #expect(abs((bar.value < 0 ? bar.box.maxX : bar.box.x) - bars.zero) < 1e-9)
    #expect(bars.area.contains(bar.box))
  }
  #expect(bars.ticks.map(\.text) == ["-0.5", "0", "0.5", "1"])
}

@Test(arguments: [
  [Double.nan, .infinity, -.infinity], [1e308, -1e308], [.leastNonzeroMagnitude, 0], [1e-9, 2e-9], [0, 0],
])
func extremeValuesKeepCoordinatesFinite(values: [Double]) throws {
  let plot = PatternPlot(
    title: "", subtitle: "",
    words: values.enumerated().map {
      .init(position: $0, token: "w", input: $1, embedding: $1, attention: nil)
    },
    layers: 1, target: 0,
    edges: values.enumerated().map {
      .init(layer: 0, from: $0, to: 0, route: .head(1), influence: $1, weight: $1, words: [$0])
    }, isAggregate: false)
  let svg = try PatternPlotSVG(plot).drawing.text()
  let coordinates = svg.matches(of: /\b(?:x|y|x1|x2|y1|y2|cx|cy|r|d|width|height)="([^"]*)"/)
  #expect(coordinates.count > 50)
  #expect(coordinates.allSatisfy { !$0.1.contains("nan") && !$0.1.contains("inf") && !$0.1.contains("e") })
  #expect(try !PatternPlotText(plot, RenderOptions()).lines(width: 80).isEmpty)
}

@Test func longTextIsClippedAndWrapped() {
  let long = PatternPlot(
    title: String(repeating: "logit difference ", count: 20), subtitle: String(repeating: "x", count: 400),
    words: [
      .init(
        position: 0, token: String(repeating: "long", count: 10), input: 1, embedding: nil, attention: nil),
      .init(position: 1, token: String(repeating: "語", count: 10), input: 1, embedding: nil, attention: nil),
    ], layers: 1, target: 0, edges: [], isAggregate: false)
  let layout = PatternPlotLayout(long)
  #expect(layout.rows.map(\.label) == ["longlonglonglongl…", "語語語語語語語語…"])
  #expect(layout.title.count > 1 && layout.subtitle.count > 1)
  #expect(layout.subtitle.map(\.text).joined() == long.subtitle)
  for line in layout.title {
    let end = line.origin.x + estimatedWidth(line.text, fontSize: PatternPlotFrame.titleSize)
    #expect(end <= layout.width - PatternPlotFrame.margin)
  }
}

// MARK: Geometry

@Test(arguments: [
  (Point(x: -1, y: 1), Point(x: 3, y: 1), true), (Point(x: -1, y: -1), Point(x: 3, y: 3), true),
  (Point(x: 0.5, y: 0.5), Point(x: 0.6, y: 0.5), true), (Point(x: -1, y: 1), Point(x: -0.1, y: 1), false),
  (Point(x: -1, y: 2), Point(x: 3, y: 2), false), (Point(x: -1, y: 1.5), Point(x: 1, y: 4), false),
  (Point(x: 1, y: 9), Point(x: 1, y: 2.1), false), (Point(x: 1, y: 9), Point(x: 1, y: 1.9), true),
])
func segmentsMeetABox(start: Point, end: Point, meets: Bool) {
  let box = Box(x: 0, y: 0, width: 2, height: 2)
  #expect(box.intersects(segment: start, end) == meets)
  #expect(box.intersects(segment: end, start) == meets)
}

@Test func aCurvesMiddleLiesItsBulgeBesideTheChord() {
  let curve = Curve(start: Point(x: 0, y: 0), end: Point(x: 10, y: 0), bulge: 3)
  #expect(curve.point(at: 0.5) == Point(x: 5, y: -3))
  #expect(curve.point(at: 0) == curve.start)
  #expect(curve.point(at: 1) == curve.end)
}

extension PatternPlot.Edge {
  fileprivate var headText: String? {
    if case .head(let number) = route { String(number) } else { nil }
  }
}

extension Array where Element == (Double, Double) {
  /// The first of those with the same key.
  fileprivate var unique: [(Double, Double)] {
    var seen: Set<Double> = []
    return filter { seen.insert($0.0).inserted }
  }
}
