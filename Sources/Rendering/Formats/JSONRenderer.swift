import Results

/// The machine form: one object a line for each result,
/// `{"command": "forward", "line": 3, "result": {...}}`, with `"context"` when there is one.
public struct JSONRenderer: Renderer {
  public init() {}

  public var name: String { "json" }

  public func render(_ result: CommandResult, options: RenderOptions) -> String {
    if case .null = result.value { return "" }
    var object: Record = [
      "command": .string(result.command), "line": Value(result.line),
    ]
    object["context"] = result.context.map { .string($0) }
    object["result"] = result.value
    return JSONText.string(.record(object)) + "\n"
  }
}
