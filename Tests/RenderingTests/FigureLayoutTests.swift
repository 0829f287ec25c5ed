import Fuzzing
import Results
import Tensors
import Testing

@testable import Rendering

/// Drawings of every kind, with short and long texts, few and many cells, and numbers of every size.
private enum Drawings {
  static func labels(_ count: Int, long: Bool = false) -> [String] {
    (0..<count).map {
      long ? "a label as long as a sentence \($0)" : ["[CLS]", "the", "作者", "##ing", "."][$0 % 5]
    }
  }

  static func map(_ rows: Int, _ columns: Int, long: Bool = false, _ value: (Int) -> Float) -> Heatmap {
    Heatmap(
      title: long ? String(repeating: "a long title ", count: 20) : "L3H5", rowAxis: "query",
      columnAxis: "key",
      rowLabels: labels(rows, long: long), columnLabels: labels(columns, long: long),
      values: Tensor(shape: [rows, columns], (0..<(rows * columns)).map(value)))
  }

  static let maps: [Heatmap] = [
    map(1, 1) { _ in 0.5 }, map(11, 11) { Float($0) / 121 }, map(11, 11) { exp10(-Float($0 % 12)) },
    map(6, 12) { $0 % 7 == 0 ? .nan : Float($0) - 36 }, map(4, 4) { _ in .nan },
    map(3, 3) { [Float.infinity, -.infinity, 1][$0 % 3] }, map(20, 20) { -Float($0) * 1e6 },
    map(13, 20, long: true) { Float($0) * 1e-9 }, map(25, 11) { Float($0 % 9) - 4 },
    map(60, 60) { Float($0) },
    map(512, 6) { Float($0 % 97) }, map(1, 1536) { Float($0 % 11) - 5 }, map(3, 3000) { Float($0) },
    map(5, 5) { _ in -0.0001 },
  ]

  static func grid(_ panels: Int, _ size: Int, layers: Int) -> HeatmapGrid {
    let heads = (0..<panels).map {
      HeatmapGrid.Head(layer: $0 * layers / panels, number: $0 % (panels / layers))
    }
    return HeatmapGrid(
      title: "attention L*.pattern", attention: .init(heads: heads), tokens: labels(size),
      values: Tensor(shape: [panels, size, size], (0..<(panels * size * size)).map { Float($0 % 13) / 13 }))
  }

  static let grids: [HeatmapGrid] = [
    grid(12, 11, layers: 1), grid(2, 3, layers: 1), grid(72, 11, layers: 6), grid(144, 40, layers: 12),
    grid(16, 200, layers: 1), grid(1, 1, layers: 1),
    HeatmapGrid(
      title: "t", panelLabels: ["[0]", "[1]", "[2]"], rowAxis: "row", columnAxis: "column",
      rowLabels: labels(2), columnLabels: labels(30, long: true),
      values: Tensor(shape: [3, 2, 30], repeating: -1)),
  ]

  static func words(_ count: Int, long: Bool = false) -> ColoredWords {
    ColoredWords(
      title: "influence of tokens", subtitle: long ? String(repeating: "long ", count: 60) : "",
      axis: "influence",
      words: labels(count, long: long).enumerated().map {
        .init(text: $1, value: $0 % 9 == 8 ? .nan : Double($0 % 7) - 3)
      })
  }

  static let texts: [String] = {
    do {
      return try maps.map { try HeatmapSVG($0).drawing().text() }
        + grids.map { try HeatmapGridSVG($0).drawing().text() }
        + [words(11), words(0), words(200), words(12, long: true)].map {
          try ColoredWordsSVG($0).drawing().text()
        }
        + Charts.every.map { try ChartSVG($0).drawing().text() }
        + [PatternPlots.small, PatternPlots.aggregate, PatternPlots.refined].map {
          try PatternPlotSVG($0).drawing.text()
        }
        + [
          SVGDrawing.stacked([
            PatternPlotSVG(PatternPlots.small).drawing, try ChartSVG(Charts.bars).drawing(),
          ]).text()
        ]
    } catch { return [] }
  }()
}

@Test func drawingsAreMade() { #expect(Drawings.texts.count > 25) }

@Test(arguments: Drawings.texts.indices) func noTextLiesUponAnother(index: Int) {
  // What is drawn one below the other has coordinates of its own.
  guard index + 1 < Drawings.texts.count else { return }
  let texts = SVGTexts(Drawings.texts[index])
  #expect(texts.overlaps.isEmpty, "\(texts.overlaps.prefix(5)) in \(Drawings.texts[index].prefix(400))")
}

@Test(arguments: Drawings.texts.indices) func everyTextLiesWithinTheDrawing(index: Int) {
  let texts = SVGTexts(Drawings.texts[index])
  #expect(!texts.placed.isEmpty)
  #expect(texts.outside.isEmpty, "\(texts.outside.prefix(5)) in \(Drawings.texts[index].prefix(400))")
}

@Test(arguments: Drawings.texts.indices) func noNumberIsMinusZero(index: Int) {
  for text in SVGTexts(Drawings.texts[index]).placed.map(\.text) {
    #expect(text.wholeMatch(of: /-0(\.0*)?/) == nil)
  }
}

@Test func cellsHaveAsManyDigitsAsFit() throws {
  #expect(try CellNumbers.texts([0.9771, 0.0004, 1], width: 5) == ["0.98", "0.00", "1.00"])
  #expect(try CellNumbers.texts([0.9771, 0.0004], width: 5) == ["0.977", "0.000"])
  #expect(try CellNumbers.texts([-12.345, 0.5], width: 5) == ["-12.3", "0.5"])
  #expect(try CellNumbers.texts([-0.0001, -3], width: 5) == ["0.00", "-3.00"])
  #expect(try CellNumbers.texts([3, 12, -7], width: 5) == ["3", "12", "-7"])
  #expect(try CellNumbers.texts([1e-7, 0], width: 5) == ["1e-07", "0"])
  #expect(try CellNumbers.texts([.nan, .infinity, 0.25], width: 5) == ["nan", "inf", "0.250"])
  #expect(try CellNumbers.texts([-1.5e-7, 2], width: 4) == ["0.00", "2.00"])
  #expect(try CellNumbers.texts([-123456.7], width: 5) == nil)
  #expect(try CellNumbers.texts([], width: 5) == [])
}

@Test func manyCellsAreFewElements() throws {
  let map = Drawings.map(200, 200) { Float($0 % 200 == $0 / 200 ? 1 : 0) }
  let text = try HeatmapSVG(map).drawing().text()
  #expect(text.utf8.count < 40_000)
  #expect(text.components(of: "<path fill=") == 1)
  #expect(text.contains("M0 0h1v1h-1z") && text.contains("M199 199h1v1h-1z"))
}

@Test func blocksKeepTheirGreatestMagnitude() throws {
  let values = Tensor(shape: [2, 5], [1, -3, 2, .nan, 0, 0.5, 2, -1, .nan, .nan])
  let pooled = try values.pooled(rows: 2, columns: 2)
  #expect(pooled.shape == [1, 3])
  #expect(pooled.values == [-3, 2, 0])
  #expect(try Tensor(shape: [1, 2], [.nan, .nan]).pooled(rows: 1, columns: 2).values[0].isNaN)
}

@Test func scalesBeginAtZeroWhereTheLeastIsNearIt() throws {
  func ends(_ values: [Float]) throws -> [Double] {
    let scale = try ColorScale(Tensor(shape: [values.count], values))
    return [scale.lower, scale.upper]
  }
  #expect(try ends([0.001, 1]) == [0, 1])
  #expect(try ends([0.5, 1]) == [0.5, 1])
  #expect(try ends([-1, -0.001]) == [-1, 0])
}

private func exp10(_ x: Float) -> Float {
  var power: Float = 1
  for _ in 0..<Int(-x) { power /= 10 }
  return power
}
