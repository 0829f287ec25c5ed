import ExactText
import Files
import Rendering
import Results

struct SaveCommand: LanguageCommand {
  let name = "save"
  let group = CommandGroup.session
  let summary = "save a value to a file; the extension chooses the format"
  let discussion = """
    Tensors: .npy .safetensors .npz .csv .json; results: .json .jsonl .csv .tsv .txt; figures
    (`heatmap`, `plot`) also .svg and .html. In binary files tensors are float32, numbers and columns of numbers float64;
    nodes, also within records and lists, are saved as their activations. A task is written as `task` reads it: masked and
    labels as .tsv, pairs as .jsonl, text as .txt. `read` reads all back but .txt and figures.
    JSON has no notation for numbers that are not finite: .json and .jsonl have NaN, Infinity and -Infinity, as Python's
    json module, pandas and jq read them. What `--format json` prints is strict JSON: there they are null.
    With one argument the last result is saved. The file is written whole or not at all.
    `save script VARIABLE FILE` writes a script with the commands of this session that the variable's value depends
    on; run, it makes the same value again and shows it. With one argument it is that of the last result.
    """
  let parameters: [Parameter] = [
    .required("value", .valueOrPath, "what to save; left out: the last result"),
    .optional("file", .path, "where to"),
    .flag("script", "the commands that make the value, not the value"),
  ]
  let example = #"""
    load "demo"
    text "paris [MASK] the capital of france ."
    save L2.pattern "pattern.npy"
    forward top=3
    save "predictions.json"
    """#

  func check(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    guard let first = arguments["value"] else { return .null }
    if arguments.flag("script") {
      interpreter.dryRun?.noteWritten(try script(first, arguments, interpreter).path)
      return .null
    }
    if arguments["file"] == nil, first.value.asUnknown == nil {
      guard case .string = first.value else { throw CallFault.missingArgument("file", synopsis: synopsis) }
      guard interpreter.session.last != nil else { throw NameFault.noResult }
    }
    let (value, target) =
      arguments["file"].map { (first.value, $0) } ?? (interpreter.session.last ?? .null, first)
    guard case .string(let path) = target.value else { return .null }
    interpreter.dryRun?.noteWritten(path)
    try interpreter.locating(target.span) { try interpreter.checkFormat(of: value, for: path) }
    return .null
  }

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    guard let first = arguments["value"] else { return .null }
    if arguments.flag("script") { return try saveScript(of: first, arguments, interpreter) }
    guard let path = arguments.string("file") else { return try saveLast(to: first, interpreter) }
    let value = try interpreter.locating(first.span) {
      try interpreter.withTensors(first.value, verb: name)
    }
    .stating(interventions: Array(interpreter.interventionsInUse))
    return try save(value, name: first.span.text, to: path, interpreter)
  }

  private func saveScript(
    of result: Arguments.Bound, _ arguments: Arguments, _ interpreter: Interpreter
  ) throws -> Value {
    let (name, path) = try script(result, arguments, interpreter)
    let text = try interpreter.locating(result.span) {
      try SavedScript(of: interpreter).text(for: name == "_" ? .last : .variable(name), named: name, at: path)
    }
    try AtomicFile.write(Array(text.utf8), to: path)
    interpreter.note("saved \(path)")
    return .null
  }

  /// The variable whose script is saved, and where to; with one argument the last result's.
  private func script(
    _ result: Arguments.Bound, _ arguments: Arguments, _ interpreter: Interpreter
  ) throws -> (name: String, path: String) {
    guard let path = arguments.string("file") else {
      guard case .string(let path) = result.value else {
        throw CallFault.missingArgument("file", synopsis: synopsis)
      }
      guard interpreter.session.last != nil else { throw NameFault.noResult }
      return ("_", path)
    }
    guard case .name(let name) = result.expression.kind,
      name == "_" || interpreter.session.variables[name] != nil
    else { throw ReplayFault.notAResult(result.span.text).located(result.span) }
    return (name, path)
  }

  private func saveLast(to target: Arguments.Bound, _ interpreter: Interpreter) throws -> Value {
    guard case .string(let path) = target.value else {
      throw CallFault.missingArgument("file", synopsis: synopsis)
    }
    guard let last = interpreter.session.last else { throw NameFault.noResult }
    let value = try interpreter.withTensors(last, verb: name)
      .stating(
        interventions: interpreter.session.lastInterventions + Array(interpreter.interventionsInUse))
    return try save(value, name: "result", to: path, interpreter)
  }

  private func save(_ value: Value, name: String, to path: String, _ interpreter: Interpreter) throws -> Value
  {
    try interpreter.write(value, name: name, to: path)
    interpreter.record.log?.noteWritten(file: path)
    interpreter.note("saved \(path)")
    return .null
  }
}
