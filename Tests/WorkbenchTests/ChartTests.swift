import Foundation
import Scripting
import Testing

/// `plot` of tables and of results that have one.
@Suite struct ChartTests {
  private struct Drawn: Decodable {
    struct Point: Decodable, Equatable {
      /// Of an axis with names a string.
      let x: Place
      let y: Double?
      var series: String?
      var label: String?
    }

    enum Place: Decodable, Equatable {
      case number(Double)
      case name(String)

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self =
          try (try? container.decode(Double.self)).map(Self.number) ?? .name(container.decode(String.self))
      }
    }

    let title: String
    let kind: String
    let x_axis: String
    let y_axis: String
    let diagonal: Bool
    let points: [Point]
  }

  private static let tables = """
    let t = table([{heads: 0, accuracy: 1, case: "SS"}, {heads: 4, accuracy: 0.75, case: "SS"}, {heads: 0, accuracy: 0.5, case: "SP"}])

    """

  private func drawn(_ statement: String) throws -> Drawn { try jsonResult(Self.tables + statement) }

  @Test func columnsAreChosenByTheirTypes() throws {
    let byCase = try drawn("plot t y=accuracy")
    #expect(byCase.kind == "bar" && byCase.x_axis == "case" && byCase.y_axis == "accuracy")
    // Each row has a bar of its own.
    #expect(byCase.points.map(\.x) == [.name("SS"), .name("SS"), .name("SP")])
    let lines = try drawn("plot t by=case x=heads")
    #expect(lines.kind == "line" && lines.title == "accuracy against heads by case")
    #expect(lines.points.map(\.series) == ["SS", "SS", "SP"])
    #expect(try drawn("plot t x=heads y=accuracy").kind == "scatter", "x goes back")
    #expect(try drawn("plot head(t, 2) x=heads y=accuracy").kind == "line")
    #expect(try drawn("plot range(0, 201)").kind == "scatter", "too many points for a line")
    let labelled = try drawn("plot t x=heads y=accuracy label=case kind=scatter title=\"T\"")
    #expect(labelled.points.map(\.label) == ["SS", "SS", "SP"] && labelled.title == "T")
    #expect(try drawn("plot t x=heads y=accuracy kind=bar").points[1].x == .name("4"))
  }

  @Test func listsAndVectorsHaveIndices() throws {
    let expected = [4.0, 5, 6]
    for value in ["[4, 5, 6]", "tensor([4, 5, 6])"] {
      let chart = try drawn("plot \(value)")
      #expect(chart.kind == "line" && chart.points.map(\.y) == expected)
      #expect(chart.points.map(\.x) == [.number(0), .number(1), .number(2)])
    }
    let records = try drawn("plot [{a: 1, b: 2}, {a: 2}] x=a y=b")
    #expect(records.points.map(\.y) == [2, nil])
    #expect(try drawn("plot {tokens: [\"a\", \"b\"], influence: [1, 2], qoi: 3}").kind == "bar")
  }

  @Test func influenceHasABarForEachWord() throws {
    let chart = try drawn(
      """
      load "demo"
      text "the author that the guards like [MASK] young ."
      qoi is - are
      plot influence(points=2)
      """)
    #expect(chart.kind == "bar" && chart.x_axis == "tokens" && chart.y_axis == "influence")
    #expect(chart.points.count == 11 && chart.points[4].x == .name("the"))
  }

  @Test func measurementsAndSweepsHaveAUsualColumn() throws {
    let sweep = try drawn("load \"demo\"\nplot sweep(mlps, on=sva_obj, rows=2)")
    #expect(sweep.x_axis == "node" && sweep.y_axis == "delta_qoi" && sweep.points.count == 6)
    let accuracy = try drawn("load \"demo\"\nplot measure(sva_obj, rows=4)")
    #expect(accuracy.y_axis == "accuracy" && accuracy.kind == "bar")
  }

  @Test func aComparisonIsAScatterPlotWithItsDiagonal() throws {
    let chart = try drawn(
      """
      load "demo-gpt2"
      let clean = "When Mary and John went to the store, John gave a drink to"
      text clean counterfactual="When Mary and John went to the store, Peter gave a drink to"
      qoi Mary - John
      plot compare(attribute(heads), sweep(heads, by=counterfactual))
      """)
    #expect(chart.kind == "scatter" && chart.diagonal && chart.points.count == 36)
    #expect(
      chart.x_axis == "effect" && chart.y_axis == "score" && chart.title.contains("rank correlation 0.9"))
    let distances = chart.points.map { point in
      if case .number(let x) = point.x { abs((point.y ?? .nan) - x) } else { Double.nan }
    }
    #expect(distances == distances.sorted(by: >) && chart.points.allSatisfy { $0.label != nil })
  }

  @Test func faithfulnessIsDrawn() throws {
    let chart = try drawn(
      """
      load "demo-gpt2"
      let c = circuit(ioi, rows=2, points=2, edges=50)
      let e = experiment(faithfulness, on=ioi, rows=2, circuit=c)
      plot e
      """)
    #expect(chart.kind == "line" && chart.points.count == 10 && chart.y_axis == "faithfulness")
    #expect(chart.points[0].x == .name("0.001") && abs((chart.points[9].y ?? 0) - 1) < 1e-5)
  }

  @Test func chartsAreSaved() throws {
    let shell = try TestShell()
    let path = shell.path("c.svg")
    #expect(try shell.run("\(Self.tables)plot t \"\(path)\" x=heads y=accuracy by=case") == "")
    let svg = try String(contentsOfFile: path, encoding: .utf8)
    #expect(svg.hasPrefix("<svg") && svg.contains("accuracy against heads by case"))
    let html = shell.path("c.html")
    try shell.run("save plot(t, y=accuracy) \"\(html)\"\nplot plot(t, y=accuracy) \"\(path)\"")
    #expect(try String(contentsOfFile: html, encoding: .utf8).hasPrefix("<!DOCTYPE html>"))
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains("class=\"bar\""))
  }

  @Test(
    arguments: [
      ("plot t y=acuracy", "chart-column", "did you mean `accuracy`? columns: heads, accuracy, case"),
      ("plot t x=nope y=accuracy", "chart-column", "columns: heads, accuracy, case"),
      ("plot t y=case", "chart-column", "columns of numbers: heads, accuracy"),
      ("plot t", "chart-column", "write y=heads or y=accuracy"),
      ("plot table([{a: \"x\"}])", "chart-column", "columns: a"),
      ("plot table([{a: 1}]) y=a", "chart-column", "a list of numbers is drawn against its indices"),
      ("plot table([{a: [1, 2], b: 1}]) x=a y=b", "chart-column", nil),
      ("plot where(t, heads, \">\", 9) x=heads y=accuracy", "chart-empty", nil),
      ("plot []", "chart-empty", nil), ("plot \"t\"", "wrong-type", nil),
      ("plot [1] hide=0.1", "ignored-option", nil), ("plot plot([1]) x=index", "ignored-option", nil),
      (
        "def row(i) { return {a: 1, b: 1, c: i} }\nplot map(range(0, 11), row) x=a y=b by=c", "chart-series",
        nil
      ),
    ] as [(String, String, String?)])
  func whatCannotBeDrawnSaysSo(_ statement: String, _ code: String, _ remedy: String?) throws {
    do {
      try TestShell().run(Self.tables + statement)
      Issue.record("no error")
    } catch let diagnostic as Diagnostic {
      #expect(diagnostic.code == code, "\(diagnostic.message)")
      if let remedy { #expect(diagnostic.rendered().contains(remedy), "\(diagnostic.rendered())") }
    }
  }
}
