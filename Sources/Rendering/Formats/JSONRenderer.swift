import Results

/// The machine form: one object a line for each result,
/// `{"command": "forward", "line": 3, "result": {...}}`, with `"interventions": ["..."]` when there were some and
/// `"partial": "12 of 72 rows"` for what an interrupted command had finished; of several texts on the command line `"file": "-c 2"`
/// before the line, as messages have it.
/// Strict JSON for any reader: what is not finite is null.
public struct JSONRenderer: Renderer {
  public init() {}

  public var name: String { "json" }

  public func render(_ result: CommandResult, options: RenderOptions) throws -> StyledText {
    if case .null = result.value { return StyledText() }
    return StyledText(try JSONText.string(.record(Self.fields(of: result))) + "\n")
  }

  /// The object that stands for a result.
  package static func fields(of result: CommandResult) -> Record {
    var object: Record = ["command": .string(result.command)]
    if let source = result.source { object["file"] = .string(source) }
    object["line"] = Value(result.line)
    if !result.interventions.isEmpty { object["interventions"] = .strings(result.interventions) }
    if let partial = result.partial { object["partial"] = .string(partial) }
    object["result"] = result.value
    return object
  }
}
