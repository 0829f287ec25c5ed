import Rendering
import Results
import Testing

@Test func formatsAreRegisteredUnderUniqueNames() {
  #expect(Renderers.all.map(\.name) == ["table", "json", "csv"])
  #expect(Renderers.named("json")?.name == "json")
  #expect(Renderers.named("yaml") == nil)
  let extensions = [
    ".npy", ".npz", ".safetensors", ".csv", ".tsv", ".json", ".jsonl", ".txt", ".svg", ".html",
  ]
  #expect(FileFormats.extensions == extensions)
}

/// What is rendered; only an interruption keeps it from being so, and here is none.
func rendered(_ text: () throws -> String) -> String {
  do { return try text() } catch {
    Issue.record(error)
    return ""
  }
}

/// `value` in the table format, without the final newline.
func table(
  _ value: Value, width: Int = 80, color: Bool = false, unicode: Bool = true, precision: Int = 5,
  maxRows: Int? = nil
) -> String {
  let options = RenderOptions(
    width: width, color: color, unicode: unicode, precision: precision, maxRows: maxRows)
  let text = rendered {
    try TableRenderer().render(CommandResult(command: "x", line: 1, value: value), options: options).ansi
  }
  return text.hasSuffix("\n") ? String(text.dropLast()) : text
}

/// `value` in the JSON format: what stands after `"result": `.
func json(_ value: Value) -> String {
  let text = rendered {
    try JSONRenderer().render(
      CommandResult(command: "x", line: 1, value: value), options: RenderOptions()
    ).ansi
  }
  let head = #"{"command": "x", "line": 1, "result": "#
  return text.hasPrefix(head) ? String(text.dropFirst(head.count).dropLast(2)) : text
}

func csv(_ value: Value) -> String {
  rendered {
    try CSVRenderer().render(CommandResult(command: "x", line: 1, value: value), options: RenderOptions())
      .ansi
  }
}

/// A thing with behaviour, for tests.
struct Probe: ObjectValue {
  let typeName = "probe"
  let summary: String
  let fields: Record
}
