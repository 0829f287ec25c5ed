import Checkpoints
import Language
import Results

struct LoadCommand: BenchCommand {
  let name = "load"
  let group = CommandGroup.session
  let summary = "load a model from a Hugging Face folder and make it current"
  let discussion = """
    MODEL is "demo" (the embedded model), a folder with config.json, a vocabulary and weights (safetensors or
    pytorch_model.bin, one file or several), or "hf:org/name" for a snapshot in the local Hugging Face cache, which a name that
    is no folder is looked for in too; of
    another revision than main with `revision=`. `models` and `revisions` list what is there. Several models can be loaded under
    different names; under a name in use the weights of the model that had it are freed before others are read. When anything is
    malformed nothing changes: that model is read again when it is needed. `check` reads every weight and refuses NaN and infinity.
    """
  let parameters: [Parameter] = [
    .required("model", .name(.models), "demo, a folder, or hf:org/name"),
    .option("revision", .name(.revisions), "a branch, a tag (step1000) or a commit of hf:org/name"),
    .option("as", .name(.newName), "the name it gets; default the folder's name"),
    .flag("check", "refuse weights that are NaN or infinite"),
  ]
  let context: StateKey? = .currentModel
  let example = #"""
    load "demo" as bert
    print model.layers model.heads
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let given = arguments.string("model") ?? ""
    let revision = arguments.string("revision")
    let found = ModelLocator.cachedName(of: given, environment: bench.session.environment)
    if let found { bench.session.note("\(given) is \(found), a snapshot in the local Hugging Face cache") }
    let model = try ModelLocator.specifier(found ?? given, revision: revision)
    return .object(
      try bench.load(
        model, as: arguments.string("as"), checkingWeights: arguments.flag("check"),
        at: arguments.span)
    )
  }
}
