import Language
import Results

struct ModelCommand: BenchCommand {
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

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    if let name = arguments.string("name") {
      guard let model = bench.state.models[name] else {
        throw ModelFault.unknownModel(name, loaded: bench.state.models.keys)
      }
      bench.state.currentModel = name
      return .object(model)
    }
    return .record(try bench.requireModel().fields)
  }
}
