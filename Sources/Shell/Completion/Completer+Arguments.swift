import Checkpoints
import Faults
import Measurement
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
    if let related = related(to: parameter, of: command, behind: text) {
      return [related + options, operands(word)]
    }
    switch parameter.kind {
    case .word, .name, .path, .task, .textOrTask, .function:
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

  func values(of parameter: Parameter, _ word: String) -> [Candidate] {
    switch parameter.kind {
    case .word(let choices), .countOrWord(let choices): choices.map { Candidate($0) }
    case .flag: [Candidate("true"), Candidate("false")]
    case .name(let space): members(of: space, word)
    case .task: tasks
    case .textOrTask: tasks + variables { $0.typeName == "string" }
    case .function: bareFunctions
    case .path where word.isEmpty: FileCompletion.candidates("").map { $0.quoted }
    case .integer where parameter.name == "at": positions
    default: []
    }
  }

  /// Built-in ones, those in variables, and the function that reads one.
  private var tasks: [Candidate] {
    BuiltInTasks.names.map { name in
      let task = (try? BuiltInTasks.task(named: name)).flatMap { $0 }
      return Candidate(name, task.map { "\($0.rows.count) rows, \($0.kind.rawValue)" })
    } + variables { $0.typeName == "task" } + [Candidate("task(", TaskCommand().summary, isWhole: false)]
  }

  /// Where a function is an argument, its name stands alone.
  private var bareFunctions: [Candidate] {
    userFunctions.map { Candidate($0.name, $0.function.summary) }
      + interpreter.registry.commands.filter { $0.group == .functions }.map { Candidate($0.name, $0.summary) }
  }

  private var positions: [Candidate] {
    guard let model = interpreter.session.model else { return [] }
    return tokens(of: model).enumerated().map { Candidate("\($0.offset)", $0.element) }
  }

  private func members(of space: Parameter.NameSpace, _ word: String) -> [Candidate] {
    switch space {
    case .models: ModelLocator.embedded.map { Candidate($0, "embedded model") }
    case .loadedModels: interpreter.session.models.values.map { Candidate($0.name, $0.summary) }
    case .settings: Setting.all.map { Candidate($0.name, $0.summary) }
    case .commandsAndTopics:
      interpreter.registry.commands.map { Candidate($0.name, $0.summary) }
        + HelpText.topics.map { Candidate($0.name, $0.summary) }
    case .baselines:
      [
        Candidate("mask", "the [MASK] embedding"), Candidate("pad", "the [PAD] embedding"),
        Candidate("zero", "a zero vector"),
      ] + vocabulary(word)
    case .recordFile: [Candidate("off", "end the recording")]
    case .newName, .weights: []
    }
  }

  /// Of the setting that is named before the cursor.
  private func settingValues(behind text: String) -> [Candidate] {
    let name = text.split { $0.isWhitespace || $0 == "\"" }.last.map(String.init)
    return (Setting.all.first { $0.name == name }?.choices ?? []).map { Candidate($0) }
  }

  /// Inside quotes: models and cached snapshots after `load`, weights after `weight`, choices, files.
  func strings(_ word: String, _ place: CursorPlace, _ command: (any Command)?, behind text: String)
    -> [Candidate]
  {
    let parameter = command?.parameter(at: place.argument)
    if command is SetCommand, parameter?.name == "value" { return settingValues(behind: text).map(\.closed) }
    if let keys = keys(behind: text) { return keys }
    if let command, let parameter,
      let related = related(to: parameter, of: command, behind: String(text.dropLast()))
    {
      return related.map { Candidate($0.text.replacing("\"", with: "") + "\"", $0.description) }
    }
    switch parameter?.kind {
    case .text?, .textOrTask?: return []
    case .name(.models)?:
      return (ModelLocator.embedded + ModelLocator.cached(environment: interpreter.environment))
        .map { Candidate($0 + "\"") } + FileCompletion.candidates(word)
    case .name(.weights)?:
      return (interpreter.session.model?.folder.checkpoint.names ?? []).map { Candidate($0 + "\"") }
    case .name(.newName)?, .name(.recordFile)?, .path?, .any?, .task?, nil:
      return FileCompletion.candidates(word)
    case .some: return parameter.map { values(of: $0, word).filter(\.isWhole).map(\.closed) } ?? []
    }
  }
}

extension Command {
  /// The parameter that the argument at the cursor is for; nil where none is left.
  fileprivate func parameter(at argument: CursorPlace.Argument?) -> Parameter? {
    switch argument {
    case .option(let name)?: return parameters.first { $0.name == name }
    case .positional(let index)?:
      let positional = parameters.filter { $0.placement != .option }
      if index < positional.count { return positional[index] }
      return positional.last.flatMap { $0.placement == .rest ? $0 : nil }
    case nil: return nil
    }
  }
}

extension Completer.Candidate {
  /// With a quote before it.
  fileprivate var quoted: Self { .init("\"" + text, description, isWhole: isWhole) }

  /// With the quote that ends the string.
  fileprivate var closed: Self { .init(text + "\"", description) }
}
