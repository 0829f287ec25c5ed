import Results

struct LoadCommand: Command {
  let name = "load"
  let group = CommandGroup.session
  let summary = "load a model from a Hugging Face folder and make it current"
  let discussion = """
    MODEL is "demo" (the embedded model), a folder with config.json, a vocabulary and safetensors, or
    "hf:org/name" for a snapshot in the local Hugging Face cache. Several models can be loaded under
    different names. When anything is malformed nothing changes. `check` reads every weight and refuses
    NaN and infinity.
    """
  let parameters: [Parameter] = [
    .required("model", .name(.models), "demo, a folder, or hf:org/name"),
    .option("as", .name(.newName), "the name it gets; default the folder's name"),
    .flag("check", "refuse weights that are NaN or infinite"),
  ]
  let context: StateKey? = .currentModel
  let example = #"""
    load "demo" as bert
    print model.layers model.heads
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    .object(
      try interpreter.load(
        arguments.string("model") ?? "", as: arguments.string("as"), checkingWeights: arguments.flag("check"))
    )
  }
}

extension Interpreter {
  /// Loads the model that the command line names, as the statement `load` would.
  package func loadFirst(_ specifier: String) throws {
    try observing("load \(stringLiteral(specifier))") { try load(specifier) }
  }

  /// Loads a model and makes it current; the session stays as it was when anything is wrong with it.
  @discardableResult
  package func load(_ specifier: String, as name: String? = nil, checkingWeights: Bool = false) throws
    -> LoadedModel
  {
    let model = try LoadedModel(
      specifier: specifier, name: name, checkingWeights: checkingWeights, environment: environment)
    session.models[model.name] = model
    session.currentModel = model.name
    return model
  }
}
