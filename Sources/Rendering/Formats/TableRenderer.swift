import Results

/// The format for people: aligned columns, numbers with few digits, long things cut.
public struct TableRenderer: Renderer {
  public init() {}

  public var name: String { "table" }

  public func render(_ result: CommandResult, options: RenderOptions) -> String {
    var lines = TableLayout(options).lines(result.value)
    if let context = result.context, !lines.isEmpty {
      lines.insert(options.dim("(\(context))"), at: 0)
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
