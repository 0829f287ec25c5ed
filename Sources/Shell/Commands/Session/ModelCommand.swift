import Results

struct ModelCommand: Command {
  let name = "model"
  let group = CommandGroup.session
  let summary = "show the current model, or make another loaded one current"
  let parameters: [Parameter] = [.optional("name", .name(.loadedModels), "a loaded model")]
  let context: StateKey? = .currentModel
  let example = #"""
    load "demo" as a
    load "demo" as b
    model a
    model
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    if let name = arguments.string("name") {
      guard let model = interpreter.session.models[name] else {
        throw ModelFault.unknownModel(name, loaded: interpreter.session.models.keys)
      }
      interpreter.session.currentModel = name
      return .object(model)
    }
    return .record(try interpreter.session.requireModel().fields)
  }
}
