import ExactText
import Faults
import Results

/// The format for people: aligned columns, numbers with few digits, long things cut.
public struct TableRenderer: Renderer {
  public init() {}

  public var name: String { "table" }

  public func render(_ result: CommandResult, options: RenderOptions) throws -> StyledText {
    var lines = try TableLayout(options).lines(Self.shown(result))
    if !lines.isEmpty {
      lines.insert(contentsOf: result.context.map { options.dim("(\(options.onLine($0)))") }, at: 0)
    }
    return try lines.lines()
  }

  /// A record that says what it was computed under does not say it below the line that does.
  static func shown(_ result: CommandResult) -> Value {
    guard case .record(var record) = result.value, !result.interventions.isEmpty else { return result.value }
    record["interventions"] = nil
    return .record(record)
  }
}
