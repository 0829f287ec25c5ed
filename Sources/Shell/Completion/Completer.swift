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
    let place = Place(Array(text.utf8.prefix(cursor)))
    let found = offered(at: place).filter { $0.text.hasPrefix(place.word) }
    return (place.start, found)
  }

  private func offered(at place: Place) -> [Candidate] {
    if place.isFirst, !place.isInString { return statementStarts(place.word) }
    let command = interpreter.registry[place.verb]
    if case .raw? = command?.argumentStyle { return vocabulary(place.word) }
    if case .statement? = command?.argumentStyle { return statementStarts(place.word) }
    if place.isInString { return strings(place, command) }
    if let option = place.option { return values(of: option, command) }
    return nodes(place.word) + members(place.word) + arguments(of: command) + names() + functions()
  }

  private func statementStarts(_ word: String) -> [Candidate] {
    interpreter.registry.commands.map { Candidate($0.name, $0.summary) }
      + ["let", "for", "if"].map { Candidate($0, "statement") } + names() + nodes(word) + members(word)
  }

  private func names() -> [Candidate] {
    interpreter.session.variables.sorted { $0.key < $1.key }.map { Candidate($0.key, $0.value.typeName) }
      + ["model", "embed", "pooled", "logits", "class_logits", "ARGV", "true", "false", "null"].map {
        Candidate($0)
      }
  }

  private func functions() -> [Candidate] {
    interpreter.registry.commands.map { Candidate($0.name + "(", $0.summary, isWhole: false) }
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
  private func strings(_ place: Place, _ command: (any Command)?) -> [Candidate] {
    switch place.innermostCall ?? command?.name {
    case "weight":
      (interpreter.session.model?.folder.checkpoint.names ?? []).map { Candidate($0 + "\"", isWhole: true) }
    case "load":
      (ModelLocator.embedded + ModelLocator.cached(environment: interpreter.environment))
        .map { Candidate($0 + "\"") } + FileCompletion.candidates(place.word)
    default: FileCompletion.candidates(place.word)
    }
  }

  private func vocabulary(_ word: String) -> [Candidate] {
    let entries = interpreter.session.model?.tokenizer.vocabulary.tokens(withPrefix: word, limit: 200) ?? []
    return entries.map { Candidate($0) }
      + ["logprob[", "prob[", "label[", "at="].map { Candidate($0, isWhole: false) }
  }

  /// `record.field`, `model.layers`.
  private func members(_ word: String) -> [Candidate] {
    guard let dot = word.lastIndex(of: ".") else { return [] }
    let base = String(word[..<dot])
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
