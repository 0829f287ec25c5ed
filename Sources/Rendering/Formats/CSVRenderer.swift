import Results

/// Comma-separated values (RFC 4180); the rules are those of ``SeparatedText``.
///
/// A file of rows has no place for the command or what was done to the network. What an interrupted command had finished
/// has a column `partial` that says so.
public struct CSVRenderer: Renderer {
  public init() {}

  public var name: String { "csv" }

  public func render(_ result: CommandResult, options: RenderOptions) throws -> StyledText {
    StyledText(try SeparatedText.csv.mapping(options.onLine).string(result.value, partial: result.partial))
  }
}
