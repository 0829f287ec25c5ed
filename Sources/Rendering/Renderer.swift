import ExactText
import Results

/// What one command yielded, with the place it came from.
public struct CommandResult: Sendable {
  /// The command's name, e.g. `forward`.
  public let command: String
  /// 1-based line of the script or of the session.
  public let line: Int
  public let value: Value
  /// What was done to the network while the value was computed, one description each.
  public let interventions: [String]

  /// Of several texts of a command line, the one that holds the command: `-c 2`; nil where there is one source.
  public let source: String?
  /// Whether tables say what was done to the network; JSON and CSV do in any case.
  public private(set) var statesInterventions = true

  /// Of a command that was interrupted, how much it had finished: "12 of 72 rows"; nil for a whole result.
  public let partial: String?

  public init(
    command: String, line: Int, value: Value, interventions: [String] = [], partial: String? = nil,
    source: String? = nil
  ) {
    self.command = command
    self.line = line
    self.value = value
    self.interventions = interventions
    self.partial = partial
    self.source = source
  }

  /// The same, whose interventions are told elsewhere.
  public var withoutStatement: CommandResult {
    var result = self
    result.statesInterventions = false
    return result
  }

  /// Circumstances a reader must know, a line each: "partial: 12 of 72 rows", "under interventions: ...".
  var context: [String] {
    [partial.map { "partial: \($0)" }, statesInterventions ? circumstances : nil].compactMap(\.self)
  }

  /// What was done to the network. Several need not have acted together: a result may be made of parts.
  public var circumstances: String? {
    guard !interventions.isEmpty else { return nil }
    let count = interventions.count
    let shown = interventions.prefix(3) + (count > 3 ? ["... (\(count))"] : [])
    return "under \(count == 1 ? "1 intervention" : "interventions"): \(shown.joined(separator: "; "))"
  }
}

/// Turns results into text. One file a format under `Formats/`, one line in ``Renderers/all``.
public protocol Renderer: Sendable {
  /// As `--format` names it.
  var name: String { get }

  /// The text to write as it stands: whole lines, each ended by its newline; empty for null.
  ///
  /// - Throws: ``Interrupted``.
  func render(_ result: CommandResult, options: RenderOptions) throws -> StyledText
}

/// The registry of output formats.
public enum Renderers {
  public static let all: [any Renderer] = [TableRenderer(), JSONRenderer(), CSVRenderer()]

  public static func named(_ name: String) -> (any Renderer)? { all.first { $0.name == name } }
}
