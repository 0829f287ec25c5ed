import Checkpoints
import Encoders
import Results
import Scripting
import Tokenization

/// What Tab offers, from the registry, the session and the loaded model.
package struct Completer {
  package struct Candidate: Equatable, Sendable {
    package let text: String
    package let description: String?
    /// Whether the word is finished: a blank may follow.
    package let isWhole: Bool

    init(_ text: String, _ description: String? = nil, isWhole: Bool = true) {
      self.text = text
      self.description = description
      self.isWhole = isWhole
    }
  }

  private let interpreter: Interpreter

  package init(_ interpreter: Interpreter) { self.interpreter = interpreter }

  /// - Parameter cursor: UTF-8 offset in `text`.
  /// - Returns: where the word begins (UTF-8 offset) and what could stand there, best order first.
  package func candidates(in text: String, at cursor: Int) -> (start: Int, candidates: [Candidate]) {
    let before = String(decoding: text.utf8.prefix(cursor), as: UTF8.self)
    let place = CursorPlace.atEnd(of: before, grammar: interpreter.registry)
    // Fields and positions are offered with what stands before them: `model.layers`, `L3@7`.
    let start = place.range.lowerBound - prefix(of: place).utf8.count
    let word = String(decoding: before.utf8.dropFirst(start), as: UTF8.self)
    return (start, offered(at: place, word: word).filter { $0.text.hasPrefix(word) })
  }

  private func prefix(of place: CursorPlace) -> String {
    switch place.kind {
    case .field(let base): base + "."
    case .position(let node): node + "@"
    default: ""
    }
  }

  private func offered(at place: CursorPlace, word: String) -> [Candidate] {
    let command = place.command.flatMap { interpreter.registry[$0] }
    switch place.kind {
    case .statement: return statementStarts(word)
    case .expression: return names() + functions() + nodes(word)
    case .argument: return arguments(of: command) + names() + functions() + nodes(word)
    case .value(let option): return values(of: option, command) + nodes(word)
    case .field(let base): return members(of: base) + nodes(word)
    case .node, .position: return nodes(word)
    case .raw: return vocabulary(word)
    case .string: return strings(word, command)
    case .newName, .nothing: return []
    }
  }

  private func statementStarts(_ word: String) -> [Candidate] {
    verbs + statementWords.map { Candidate($0, "statement") } + functions { $0.group == .functions }
      + names() + nodes(word)
  }

  private var verbs: [Candidate] {
    interpreter.registry.commands.filter { $0.group != .functions }.map { Candidate($0.name, $0.summary) }
  }

  private var statementWords: [String] {
    ["let", "for", "while", "break", "continue", "if", "with", "def", "return", "try"]
  }

  private func names() -> [Candidate] {
    let functions = Set(interpreter.functionNames)
    return interpreter.session.variables.visible.filter { !functions.contains($0.key) }
      .sorted { $0.key < $1.key }.map { Candidate($0.key, $0.value.typeName) }
      + (interpreter.constantNames + ["true", "false", "null"]).map { Candidate($0) }
  }

  private func functions(where isWanted: (any Command) -> Bool = { _ in true }) -> [Candidate] {
    interpreter.registry.commands.filter(isWanted).map {
      Candidate($0.name + "(", $0.summary, isWhole: false)
    }
      + interpreter.functionNames.map { Candidate($0 + "(", "function", isWhole: false) }
  }

  private func arguments(of command: (any Command)?) -> [Candidate] {
    (command?.parameters ?? []).flatMap { parameter -> [Candidate] in
      if case .flag = parameter.kind { return [Candidate(parameter.name, parameter.summary)] }
      if parameter.name == "as" { return [Candidate("as", parameter.summary)] }
      if parameter.placement == .option {
        return [Candidate(parameter.name + "=", parameter.summary, isWhole: false)]
      }
      return values(of: parameter)
    }
  }

  private func values(of option: String, _ command: (any Command)?) -> [Candidate] {
    guard let parameter = command?.parameters.first(where: { $0.name == option }) else { return names() }
    return values(of: parameter) + names()
  }

  private func values(of parameter: Parameter) -> [Candidate] {
    switch parameter.kind {
    case .word(let choices): choices.map { Candidate($0) }
    case .flag: [Candidate("true"), Candidate("false")]
    case .name(let space): members(of: space)
    default: []
    }
  }

  private func members(of space: Parameter.NameSpace) -> [Candidate] {
    switch space {
    case .models: ModelLocator.embedded.map { Candidate($0, "embedded model") }
    case .loadedModels: interpreter.session.models.values.map { Candidate($0.name, $0.summary) }
    case .settings: Setting.all.map { Candidate($0.name, $0.summary) }
    case .commandsAndTopics:
      interpreter.registry.commands.map { Candidate($0.name, $0.summary) }
        + HelpTopic.all.map { Candidate($0.name, $0.summary) }
    case .newName, .weights: []
    }
  }

  /// Inside quotes: models and cached snapshots after `load`, weights after `weight`, else files.
  private func strings(_ word: String, _ command: (any Command)?) -> [Candidate] {
    switch command?.name {
    case "weight":
      (interpreter.session.model?.folder.checkpoint.names ?? []).map { Candidate($0 + "\"", isWhole: true) }
    case "load":
      (ModelLocator.embedded + ModelLocator.cached(environment: interpreter.environment))
        .map { Candidate($0 + "\"") } + FileCompletion.candidates(word)
    default: FileCompletion.candidates(word)
    }
  }

  private func vocabulary(_ word: String) -> [Candidate] {
    let entries = interpreter.session.model?.tokenizer.vocabulary.tokens(withPrefix: word, limit: 200) ?? []
    return entries.map { Candidate($0) }
      + ["logprob[", "prob[", "label[", "at="].map { Candidate($0, isWhole: false) }
  }

  /// `record.field`, `model.layers`.
  private func members(of base: String) -> [Candidate] {
    let value: Value? =
      base == "model" ? interpreter.session.model.map { .object($0) } : interpreter.session.variables[base]
    guard let value else { return [] }
    return interpreter.fields(of: value).map { Candidate("\(base).\($0.key)", $0.value.typeName) }
  }

  private func nodes(_ word: String) -> [Candidate] {
    guard let model = interpreter.session.model else { return [] }
    return NodeCompletion(model: model, tokens: tokens(of: model)).candidates(word)
  }

  private func tokens(of model: LoadedModel) -> [String] {
    (try? interpreter.currentText(model))?.encoding.tokens ?? []
  }
}
