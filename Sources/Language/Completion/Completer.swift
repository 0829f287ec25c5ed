import ExactText
import Results
import Scripting

/// What Tab offers, from the registry, the session and the loaded model.
package struct Completer {
  package struct Candidate: Equatable, Sendable {
    package let text: String
    package let description: String?
    /// Whether the word is finished: a blank may follow.
    package let isWhole: Bool

    package init(_ text: String, _ description: String? = nil, isWhole: Bool = true) {
      self.text = text
      self.description = description
      self.isWhole = isWhole
    }

    /// A name of `value`, which may go on with a field or an index.
    package init(_ text: String, of value: Value) {
      let hasParts =
        switch value {
        case .null, .bool, .number, .string: false
        default: true
        }
      self.init(text, value.typeName, isWhole: !hasParts)
    }
  }

  let interpreter: Interpreter

  package init(_ interpreter: Interpreter) { self.interpreter = interpreter }

  /// - Parameter cursor: UTF-8 offset in `text`.
  /// - Returns: where the word begins (UTF-8 offset) and what could stand there, best order first.
  package func candidates(in text: String, at cursor: Int) -> (start: Int, candidates: [Candidate]) {
    let before = String(decoding: text.utf8.prefix(cursor), as: UTF8.self)
    let place = CursorPlace.atEnd(of: before, grammar: interpreter.registry)
    // Fields and positions are offered with what stands before them: `model.layers`, `L3@7`.
    let start = place.range.lowerBound - prefix(of: place).utf8.count
    let word = String(decoding: before.utf8.dropFirst(start), as: UTF8.self)
    let preceding = before.utf8.prefix(start)
    let groups = offered(at: place, word: word, behind: String(decoding: preceding, as: UTF8.self))
    let fitting = groups.lazy.map { $0.filter { $0.text.hasPrefix(word) } }.first { !$0.isEmpty } ?? []
    return (start, withoutRepetitions(fitting))
  }

  private func prefix(of place: CursorPlace) -> String {
    switch place.kind {
    case .field(let base): base + "."
    case .position(let node): node.hasSuffix("<-") ? node : node + "@"
    default: ""
    }
  }

  /// A variable hides the constant of its name.
  private func withoutRepetitions(_ candidates: [Candidate]) -> [Candidate] {
    var seen: Set<Name> = []
    return candidates.filter { seen.insert($0.text).inserted }
  }

  /// Groups of candidates, the most likely first; a group counts when no candidate of those before it fits.
  private func offered(at place: CursorPlace, word: String, behind text: String) -> [[Candidate]] {
    let command = place.command.flatMap { interpreter.registry[$0] }
    switch place.kind {
    case .statement: return [statementStarts(word)]
    case .expression: return [operands(word)]
    case .argument: return arguments(at: place, command, word, behind: text)
    case .value(let option):
      let parameter = command?.parameters.first { $0.name == option }
      guard let command, let parameter else { return [operands(word)] }
      let offered = offered(for: parameter, of: command, word, behind: text)
      return [offered ?? values(of: parameter, word), operands(word)]
    case .field(let base): return [fields(of: base) + nodes(word)]
    case .node, .position: return [nodes(word)]
    case .raw: return [asked(.raw(word)) ?? []]
    case .string: return [strings(word, place, command, behind: text)]
    case .path: return [paths(word, place, command, behind: text)]
    case .change: return [changes, operands(word)]
    case .word(let word): return [[Candidate(word)]]
    case .newName, .nothing: return []
    }
  }

  private func statementStarts(_ word: String) -> [Candidate] {
    verbs + statementWords.map { Candidate($0, "statement") } + functions { $0.group == .functions }
      + names() + nodes(word)
  }

  /// What `with` takes.
  private var changes: [Candidate] {
    type(of: interpreter.session.state).changingVerbs.compactMap { interpreter.registry[$0] }.map {
      Candidate($0.name + "(", $0.summary, isWhole: false)
    }
  }

  private var verbs: [Candidate] {
    interpreter.registry.commands.filter { $0.group != .functions }.map { Candidate($0.name, $0.summary) }
  }

  private var statementWords: [String] {
    ["let", "for", "while", "break", "continue", "if", "with", "def", "return", "try"]
  }

  /// What an expression may begin with.
  func operands(_ word: String) -> [Candidate] { names() + functions() + nodes(word) }

  /// The same in a list of arguments, where functions would drown the options before anything is typed.
  func argumentOperands(_ word: String) -> [Candidate] {
    word.isEmpty ? names() + nodes(word) : operands(word)
  }

  private func names() -> [Candidate] {
    variables { $0.asFunction == nil } + interpreter.constants.map { Candidate($0.name, $0.what) }
      + ["true", "false", "null"].map { Candidate($0) }
  }

  /// Variables whose value `isWanted`, with its type.
  func variables(where isWanted: (Value) -> Bool = { _ in true }) -> [Candidate] {
    interpreter.session.variables.visible.filter { isWanted($0.value) }
      .sorted { $0.key < $1.key }.map { Candidate($0.key, of: $0.value) }
  }

  private func functions(where isWanted: (any Command) -> Bool = { _ in true }) -> [Candidate] {
    interpreter.registry.commands.filter(isWanted).map {
      Candidate($0.name + "(", $0.summary, isWhole: false)
    }
      + userFunctions.map { Candidate($0.name + "(", $0.function.summary, isWhole: false) }
  }

  /// Functions of scripts by the variables that hold them.
  var userFunctions: [(name: String, function: UserFunction)] {
    interpreter.functionNames.compactMap { name in
      interpreter.session.variables[name]?.asFunction.map { (name, $0) }
    }
  }

  func nodes(_ word: String) -> [Candidate] { asked(.node(word)) ?? [] }

  /// What the domain offers; nil for what it does not know.
  func asked(_ place: CompletionPlace) -> [Candidate]? {
    interpreter.domain.candidates(for: place, in: interpreter)
  }
}

extension Value {
  fileprivate var asFunction: UserFunction? {
    if case .object(let object) = self { object as? UserFunction } else { nil }
  }
}
