import ExactText
import Faults
import Scripting

/// Help, made from the registry.
package enum HelpText {
  package static func overview(_ registry: CommandRegistry) -> String {
    let names = registry.commands.filter { $0.group != .functions }.map(\.name) + topics(registry).map(\.name)
    let width = names.map(\.count).max() ?? 0
    var lines: [String] = []
    for group in registry.groups {
      let members = registry.commands.filter { $0.group == group }
      lines.append(group.name)
      lines +=
        group == .functions
        ? wrapped(members.map(\.name)) : members.map { "  \(padded($0.name, width))  \($0.summary)" }
    }
    lines.append("Topics")
    lines += topics(registry).map { "  \(padded($0.name, width))  \($0.summary)" }
    lines.append("`help NAME` explains one; `apropos WORD ...` searches; Tab completes.")
    return lines.joined(separator: "\n")
  }

  /// What `help` explains beside commands: pages of their own, and those made from the registry.
  static func topics(_ registry: CommandRegistry) -> [(name: String, summary: String)] {
    registry.topics.map { ($0.name, $0.summary) } + [
      (functionsTopic, "every function in a line"), (referenceTopic, "every command in a Markdown table"),
    ]
  }

  /// The page of a topic; nil when there is none of that name.
  static func text(ofTopic name: String, _ registry: CommandRegistry) -> String? {
    switch name {
    case functionsTopic: functions(registry)
    case referenceTopic: reference(registry)
    default: registry.topic(named: name)?.text
    }
  }

  /// The page of a command, a topic or a word of the language.
  ///
  /// - Throws: ``NameFault/unknownTopic(_:suggestion:)``.
  static func text(on subject: String, _ registry: CommandRegistry) throws -> String {
    if let text = page(on: subject, registry) { return text }
    let known = registry.names + topics(registry).map(\.name)
    throw NameFault.unknownTopic(subject, suggestion: closest(to: subject, in: known))
  }

  /// nil when there is none.
  static func page(on subject: String, _ registry: CommandRegistry) -> String? {
    if let command = registry[subject] { return text(for: command) }
    if let text = text(ofTopic: subject, registry) { return text }
    // The words of statements are explained together: `help "while"`.
    return Keyword(named: subject).flatMap { _ in registry.topic(named: "language")?.text }
  }

  package static func text(for command: any Command) -> String {
    var parts = ["\(command.synopsis)\n  \(command.summary)"]
    if !command.discussion.isEmpty { parts.append(indented(command.discussion)) }
    let width = max(10, command.parameters.map(\.name.count).max() ?? 0)
    let rows = command.parameters.map { "  \(padded($0.name, width)) \($0.summary)" }
    if !rows.isEmpty { parts.append(rows.joined(separator: "\n")) }
    parts.append("Example\n" + indented(command.example))
    return parts.joined(separator: "\n\n")
  }

  /// The `help` subject that prints ``functions(_:)``.
  static let functionsTopic = "functions"

  package static func functions(_ registry: CommandRegistry) -> String {
    let functions = registry.commands.filter { $0.group == .functions }
    let width = functions.map(\.name.count).max() ?? 0
    return functions.map { "\(padded($0.name, width)) \($0.summary)" }.joined(separator: "\n")
  }

  /// Names in lines of at most 80 columns.
  private static func wrapped(_ names: [String]) -> [String] {
    names.reduce(into: [" "]) { lines, name in
      if lines[lines.count - 1].count + name.count + 1 > 80 { lines.append(" ") }
      lines[lines.count - 1] += " " + name
    }
  }

  /// The `help` subject that prints ``reference(_:)``.
  static let referenceTopic = "reference"

  /// The command reference, in Markdown: `Workbench/Documentation/REFERENCE.md`.
  package static func reference(_ registry: CommandRegistry) -> String {
    registry.groups.map { group in
      let members = registry.commands.filter { $0.group == group }
      let rows = members.map { "| `\($0.synopsis.replacing("|", with: "\\|"))` | \($0.summary) |" }
      return "**\(group.name)**\n\n| command | what it does |\n|---|---|\n" + rows.joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n")
  }

  static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
