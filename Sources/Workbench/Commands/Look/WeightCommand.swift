import Language
import Results

struct WeightCommand: BenchCommand {
  let name = "weight"
  let group = CommandGroup.look
  let summary = "a weight of the current model, by its name in the checkpoint"
  let parameters: [Parameter] = [.required("name", .name(.weights), "e.g. \"bert.pooler.dense.bias\"")]
  let example = #"""
    load "demo"
    print weight("classifier.bias")
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let model = try bench.requireModel()
    return .tensor(try model.folder.checkpoint.tensor(named: arguments.string("name") ?? ""))
  }
}
