import Faults
import Results
import Tensors
import Testing

@testable import Rendering

/// Results as pieces of a page.
@Suite struct HTMLTests {
  private func html(_ value: Value, maxRows: Int? = nil, interventions: [String] = []) throws -> String? {
    try CommandResult(command: "x", line: 1, value: value, interventions: interventions)
      .text(as: .html, options: RenderOptions(width: .max, maxRows: maxRows))
  }

  @Test(arguments: [nil, true, 1.5, "a", ["a", "b"], [1, 2], [:]] as [Value])
  func whatIsNoTableIsPlainText(value: Value) throws {
    #expect(try html(value) == nil)
    #expect(try html(.tensor(Tensor(shape: [2, 2], [1, 2, 3, 4]))) == nil)
  }

  @Test func tablesAreTables() throws {
    let table = Table(columns: ["name", "n"], rows: [["<b>\u{1B}&", 1.5], [nil, 10]])
    let text = try html(.table(table))
    #expect(
      text == """
        <table>
        <thead>
        <tr><th style="text-align: left">name</th><th style="text-align: right">n</th></tr>
        </thead>
        <tbody>
        <tr><td style="text-align: left">&lt;b&gt;\\u{1B}&amp;</td>\
        <td style="text-align: right; font-family: monospace; white-space: pre"> 1.5</td></tr>
        <tr><td style="text-align: left"></td>\
        <td style="text-align: right; font-family: monospace; white-space: pre">10.0</td></tr>
        </tbody>
        </table>

        """, "\(text ?? "")")
  }

  @Test func rowsBeyondTheLimitAreCounted() throws {
    let table = Table(columns: ["n"], rows: (0..<5).map { [Value($0)] })
    #expect(
      try html(.table(table), maxRows: 2)?.contains("<div style=\"opacity: 0.7\">… 3 more rows</div>") == true
    )
    #expect(try html(.table(Table(columns: ["n"])))?.contains("(no rows)") == true)
  }

  @Test func recordsKeepTheOrderOfTheirFields() throws {
    let value: Value = ["first": 1, "rows": [["a": 1], ["a": 2]], "last": "x"]
    let text = try #require(try html(value))
    let places = ["<th style=\"text-align: left\">first</th>", "<b>rows</b>", ">a</th>", "last</th>"].map {
      text.firstRange(of: $0)?.lowerBound
    }
    #expect(
      !places.contains(nil) && places.compactMap(\.self) == places.compactMap(\.self).sorted(), "\(text)")
  }

  @Test func interventionsStandAbove() throws {
    let text = try html(.table(Table(columns: ["n"], rows: [[1]])), interventions: ["ablate L1H0"])
    #expect(text?.hasPrefix("<div style=\"opacity: 0.7\">(under 1 intervention: ablate L1H0)</div>") == true)
  }

  @Test func drawingsAreDrawingsAndInRecordsImages() throws {
    let map = Heatmap(
      title: "a & b", rowAxis: "r", columnAxis: "c", rowLabels: ["x"], columnLabels: ["y"],
      values: Tensor(shape: [1, 1], [0.5]))
    let result = CommandResult(command: "heatmap", line: 1, value: .figure(.heatmap(map)))
    #expect(try result.text(as: .svg, options: RenderOptions())?.hasPrefix("<svg") == true)
    #expect(try result.text(as: .html, options: RenderOptions()) == nil)
    let text = try #require(try html(["map": .figure(.heatmap(map))]))
    #expect(text.contains("<img src=\"data:image/svg+xml,%3Csvg") && !text.contains("<svg"))
  }

  @Test func renderingStopsWhenTheUserAsksTo() throws {
    let table = Table(columns: ["n"], rows: (0..<1000).map { [Value($0)] })
    #expect(throws: Interrupted.self) {
      try Interruption.asking({ throw Interrupted() }) { _ = try html(.table(table)) }
    }
  }
}
