import ExactText
import Results
import Scripting

/// What a command takes: drives binding, help, completion and the reference.
package struct Parameter: Sendable {
  package enum Kind: Sendable {
    /// Any expression.
    case any
    /// Any expression; a bare name that is no variable stands for itself.
    case wordOrValue
    case number
    /// A whole number within the given bounds; the largest is what a Double holds exactly.
    case integer(minimum: Int, maximum: Int = 1 << 53)
    case text
    /// One of a fixed set; written bare or as a string.
    case word([String])
    /// A whole number within bounds, or one of a fixed set of words.
    case countOrWord([String], ClosedRange<Int> = 1...1000)
    /// A name written bare or as a string; a string variable of that name wins.
    case name(NameSpace)
    /// One or several names: written bare, as a string or as a list of either.
    case names
    case path
    /// A value; in verb form also a path without quotes.
    case valueOrPath
    /// What a domain reads in its own way.
    case custom(any ArgumentKind)
    /// Given by its bare name (`forward labels`) or as `labels=true`.
    case flag
    /// The rest of the line, verbatim.
    case raw
    /// An expression that the command evaluates itself; bound to null.
    case condition
    /// A function of a script or of the shell, by its name.
    case function
    /// A whole statement.
    case statement
  }

  /// What names a `.name` parameter ranges over, for completion.
  package struct NameSpace: Equatable, Sendable {
    let name: String
    /// Whether a name is what stands between blanks, whatever its characters.
    let isWords: Bool
    /// Whether it may be a path, or is written like one.
    let isPath: Bool

    package init(_ name: String, isWords: Bool = false, isPath: Bool = false) {
      (self.name, self.isWords, self.isPath) = (name, isWords, isPath)
    }

    package static let commandsAndTopics = NameSpace("commands and topics", isWords: true)
    package static let settings = NameSpace("settings")
    package static let newName = NameSpace("new names")
    package static let recordFile = NameSpace("files to record to", isPath: true)
  }

  package enum Placement: Sendable { case required, optional, rest, option }

  package let name: String
  package let kind: Kind
  package let placement: Placement
  package let summary: String
  private let needsOne: Bool

  /// Whether most arguments for it are texts in quotes.
  var takesText: Bool {
    switch kind {
    case .text: true
    case .custom(let kind): kind.takesText
    default: false
    }
  }

  /// Whether a value that an option claims goes to the option instead.
  var isClaimed: Bool {
    switch kind {
    case .any, .wordOrValue, .valueOrPath, .raw, .statement, .condition: false
    default: true
    }
  }

  func claims(_ value: Value) -> Bool {
    if case .custom(let kind) = kind { kind.claims(value) } else { false }
  }

  /// What a word without quotes is as its argument.
  var wordUse: WordUse {
    switch kind {
    case .path: .path
    case .name(let space): space.isPath ? .path : .expression
    case .custom(let kind): kind.takesPath ? .path : .expression
    case .wordOrValue, .valueOrPath: .word
    default: .expression
    }
  }

  package static func required(_ name: String, _ kind: Kind, _ summary: String) -> Parameter {
    Parameter(name: name, kind: kind, placement: .required, summary: summary)
  }

  package static func optional(_ name: String, _ kind: Kind, _ summary: String) -> Parameter {
    Parameter(name: name, kind: kind, placement: .optional, summary: summary)
  }

  /// Any number of positional arguments; with `needsOne` at least one, which the command checks.
  package static func rest(
    _ name: String, _ kind: Kind, _ summary: String, needsOne: Bool = false
  ) -> Parameter {
    Parameter(name: name, kind: kind, placement: .rest, summary: summary, needsOne: needsOne)
  }

  /// Given as `name=value`.
  package static func option(_ name: String, _ kind: Kind, _ summary: String) -> Parameter {
    Parameter(name: name, kind: kind, placement: .option, summary: summary)
  }

  package static func flag(_ name: String, _ summary: String) -> Parameter {
    Parameter(name: name, kind: .flag, placement: .option, summary: summary)
  }

  private init(name: String, kind: Kind, placement: Placement, summary: String, needsOne: Bool = false) {
    (self.name, self.kind, self.placement) = (name, kind, placement)
    (self.summary, self.needsOne) = (summary, needsOne)
  }

  /// As the synopsis shows it: `TEXT`, `[TEXT]`, `TASKS ...`, `[top=N]`.
  package var synopsis: String {
    let shown = name.uppercased()
    switch placement {
    case .required: return shown
    case .optional: return "[\(shown)]"
    case .rest: return needsOne ? "\(shown) ..." : "[\(shown) ...]"
    case .option: return "[\(optionText)]"
    }
  }

  private var optionText: String {
    if name == "as" { return "as NAME" }
    switch kind {
    case .flag: return name
    case .word(let choices): return "\(name)=\(choices.joined(separator: "|"))"
    case .countOrWord(let words, _): return "\(name)=N|\(words.joined(separator: "|"))"
    case .number, .integer: return "\(name)=N"
    case .text: return "\(name)=TEXT"
    default: return "\(name)=VALUE"
    }
  }
}
