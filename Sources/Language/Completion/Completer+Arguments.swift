import ExactText
import Faults
import Results
import Scripting

// What the parameters of commands take.
extension Completer {
  /// - Parameter text: what stands before the word.
  func arguments(at place: CursorPlace, _ command: (any Command)?, _ word: String, behind text: String)
    -> [[Candidate]]
  {
    guard let command else { return [options(ofFunction: place.command) + argumentOperands(word)] }
    let options = options(of: command)
    guard let parameter = command.parameter(at: place.argument) else { return [options, operands(word)] }
    if command is SetCommand, parameter.name == "value" {
      return [settingValues(behind: text), operands(word)]
    }
    if let offered = offered(for: parameter, of: command, word, behind: text) {
      return [offered + options, operands(word)]
    }
    switch parameter.kind {
    case .word, .name, .path, .function:
      return [values(of: parameter, word) + options, operands(word)]
    default: return [options + argumentOperands(word)]
    }
  }

  private func options(of command: any Command) -> [Candidate] {
    command.parameters.filter { $0.placement == .option }.map {
      if case .flag = $0.kind { return Candidate($0.name, $0.summary) }
      if $0.name == "as" { return Candidate("as", $0.summary) }
      return Candidate($0.name + "=", $0.summary, isWhole: false)
    }
  }

  /// The parameters of a script's function.
  private func options(ofFunction name: String?) -> [Candidate] {
    let function = userFunctions.first { $0.name == name }?.function
    return (function?.syntax.parameters ?? []).map {
      Candidate($0.name.name + "=", "parameter of \(name ?? "")", isWhole: false)
    }
  }

  /// What the table that is named or the domain has for a parameter; nil for one that they do not know.
  ///
  /// - Parameter text: what stands before the word.
  func offered(
    for parameter: Parameter, of command: any Command, _ word: String, behind text: String
  ) -> [Candidate]? {
    columns(for: parameter, of: command, behind: text)
      ?? asked(.parameter(parameter, word: word, behind: text, isQuoted: false))
  }

  func values(of parameter: Parameter, _ word: String) -> [Candidate] {
    switch parameter.kind {
    case .word(let choices), .countOrWord(let choices, _): return choices.map { Candidate($0) }
    case .flag: return [Candidate("true"), Candidate("false")]
    case .name(.settings): return SettingList.all.map { Candidate($0.name, $0.summary) }
    case .name(.commandsAndTopics):
      return interpreter.registry.commands.map { Candidate($0.name, $0.summary) }
        + HelpText.topics(interpreter.registry).map { Candidate($0.name, $0.summary) }
    case .name(.recordFile): return [Candidate("off", "end the recording")]
    case .function: return bareFunctions
    case .path: return FileCompletion.candidates(word, isQuoted: false)
    default: return []
    }
  }

  /// Without quotes: files, and what else the parameter may be.
  func paths(_ word: String, _ place: CursorPlace, _ command: (any Command)?, behind text: String)
    -> [Candidate]
  {
    guard let command, let parameter = command.parameter(at: place.argument) else { return [] }
    return offered(for: parameter, of: command, word, behind: text)
      ?? FileCompletion.candidates(word, isQuoted: false)
  }

  /// Where a function is an argument, its name stands alone.
  private var bareFunctions: [Candidate] {
    userFunctions.map { Candidate($0.name, $0.function.summary) }
      + interpreter.registry.commands.filter { $0.group == .functions }.map { Candidate($0.name, $0.summary) }
  }

  /// Of the setting that is named before the cursor.
  private func settingValues(behind text: String) -> [Candidate] {
    let name = text.split { $0.isWhitespace || $0 == "\"" }.last.map(String.init)
    return (SettingList.all.first { $0.name == name }?.choices ?? []).map { Candidate($0) }
  }

  /// Inside quotes: models and cached snapshots after `load`, weights after `weight`, choices, files.
  func strings(_ word: String, _ place: CursorPlace, _ command: (any Command)?, behind text: String)
    -> [Candidate]
  {
    let parameter = command?.parameter(at: place.argument)
    if command is SetCommand, parameter?.name == "value" { return settingValues(behind: text).map(\.closed) }
    if let keys = keys(behind: text) { return keys }
    if let command, let parameter,
      let columns = columns(for: parameter, of: command, behind: String(text.dropLast()))
    {
      return columns.map { Candidate($0.text.replacing("\"", with: "") + "\"", $0.description) }
    }
    guard let parameter else { return FileCompletion.candidates(word) }
    if let offered = asked(.parameter(parameter, word: word, behind: text, isQuoted: true)) { return offered }
    switch parameter.kind {
    case .text: return []
    case .custom(let kind) where kind.takesText: return []
    case .name(.newName), .name(.recordFile), .path, .any, .custom: return FileCompletion.candidates(word)
    default: return values(of: parameter, word).filter(\.isWhole).map(\.closed)
    }
  }
}

extension Completer.Candidate {
  /// With the quote that ends the string.
  fileprivate var closed: Self { .init(text + "\"", description) }
}
