import Results
import Tensors
import Testing

@testable import Rendering

@Test func oneObjectALine() {
  let renderer = JSONRenderer()
  func render(_ value: Value, interventions: [String] = []) -> String {
    rendered {
      try renderer.render(
        CommandResult(command: "forward", line: 3, value: value, interventions: interventions),
        options: RenderOptions()
      ).ansi
    }
  }
  #expect(render(["a": 1]) == #"{"command": "forward", "line": 3, "result": {"a": 1}}"# + "\n")
  #expect(
    render(1, interventions: ["ablate L1H0 by zero", "b"])
      == #"{"command": "forward", "line": 3, "interventions": ["ablate L1H0 by zero", "b"], "result": 1}"#
      + "\n")
  #expect(render(nil) == "")
}

@Test(
  arguments: [
    (true, "true"), (1.5, "1.5"), (Value(Float(0.1)), "0.10000000149011612"),
    (.tensor(Tensor(shape: [2], [0.1, 1])), "[0.1, 1]"), (.number(.nan), "null"),
    (.number(-.infinity), "null"),
    (-0.0, "-0.0"), ([], "[]"), ([:], "{}"), ([nil, [1, "a"]], #"[null, [1, "a"]]"#),
    (.range(IntegerRange(2, upTo: 5)), #"{"lower": 2, "upper": 5}"#),
    (["b": 1, "a": [:]], #"{"b": 1, "a": {}}"#),
  ] as [(Value, String)])
func values(value: Value, text: String) {
  #expect(json(value) == text)
}

@Test func stringsAreEscapedStrictly() {
  #expect(json("\"\\/\u{8}\u{c}\n\r\t\0\u{1f}\u{7f}") == #""\"\\/\u0008\u000c\n\r\t\u0000\u001f\u007f""#)
  #expect(json("作者 🙂 e\u{301}") == "\"作者 🙂 e\u{301}\"")
  #expect(json(["k\"": 1]) == #"{"k\"": 1}"#)
}

@Test(
  arguments: [
    ([], [0.25], "0.25"), ([2], [1, .nan], "[1, null]"), ([2, 1], [1, 2], "[[1], [2]]"), ([0], [], "[]"),
    ([2, 0], [], "[[], []]"), ([1, 1, 1, 2], [1, 2], "[[[[1, 2]]]]"),
  ] as [([Int], [Float], String)])
func tensorsAreNestedLists(shape: [Int], values: [Float], text: String) {
  #expect(json(.tensor(Tensor(shape: shape, values))) == text)
}

@Test func tablesFiguresAndObjectsAreData() {
  let rows = Table(columns: ["a", "b"], rows: [[1, "x"], [.range(IntegerRange(0, upTo: 2)), nil]])
  #expect(
    json(.table(rows)) == #"{"rows": [{"a": 1, "b": "x"}, {"a": {"lower": 0, "upper": 2}, "b": null}]}"#)
  let map = Heatmap(
    title: "t", rowAxis: "query", columnAxis: "key", rowLabels: ["r"], columnLabels: ["c", "d"],
    values: Tensor(shape: [1, 2], [1, 2]))
  #expect(
    json([.figure(.heatmap(map))])
      == #"[{"title": "t", "rows": ["r"], "columns": ["c", "d"], "data": [[1, 2]]}]"#)
  let inner = Probe(summary: "inner", fields: ["x": 1])
  let outer = Probe(summary: "outer", fields: ["probe": .object(inner), "list": [.object(inner)]])
  #expect(json(.object(outer)) == #"{"probe": {"x": 1}, "list": [{"x": 1}]}"#)
}

@Test func prettyJSONKeepsRowsOnOneLine() throws {
  let value: Value = ["a": [1, 2], "m": .tensor(Tensor(shape: [2, 2], [1, 2, 3, 4])), "e": [:], "l": [[]]]
  #expect(
    try JSONText.string(value, isPretty: true) == """
      {
        "a": [1, 2],
        "m": [
          [1, 2],
          [3, 4]
        ],
        "e": {},
        "l": [
          []
        ]
      }
      """)
}
