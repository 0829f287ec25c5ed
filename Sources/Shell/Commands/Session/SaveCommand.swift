import Rendering
import Results

struct SaveCommand: Command {
  let name = "save"
  let group = CommandGroup.session
  let summary = "save a value to a file; the extension chooses the format"
  let discussion = """
    Tensors: .npy .safetensors .npz .csv .json; results: .json .jsonl .csv .tsv .txt; figures
    (`heatmap`, `plot`) also .svg and .html. With one argument the last result is saved. The file is written whole or not at all.
    """
  let parameters: [Parameter] = [
    .required("value", .any, "what to save; left out: the last result"),
    .optional("file", .path, "where to"),
  ]
  let example = #"""
    load "demo"
    text "paris [MASK] the capital of france ."
    save L2.pattern "pattern.npy"
    forward top=3
    save "predictions.json"
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    guard let first = arguments["value"] else { return .null }
    guard let path = arguments.string("file") else { return try saveLast(to: first, interpreter) }
    var value = first.value
    if case .object(let object) = value, let set = object as? NodeSet {
      value = .tensor(try interpreter.activation(of: set, verb: name))
    }
    value = value.stating(interventions: Array(interpreter.interventionsInUse))
    return try save(value, name: first.span.text, to: path, interpreter)
  }

  private func saveLast(to target: Arguments.Bound, _ interpreter: Interpreter) throws -> Value {
    guard case .string(let path) = target.value else {
      throw ShellFault.missingArgument("file", synopsis: synopsis)
    }
    guard let last = interpreter.session.last else { throw ShellFault.noResult }
    let value = last.stating(interventions: interpreter.session.lastInterventions)
    return try save(value, name: "result", to: path, interpreter)
  }

  private func save(_ value: Value, name: String, to path: String, _ interpreter: Interpreter) throws -> Value
  {
    try FileFormats.save(value, name: name, to: path)
    interpreter.note("saved \(path)")
    return .null
  }
}
