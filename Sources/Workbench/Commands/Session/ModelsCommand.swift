import Checkpoints
import ExactText
import Language
import Results

struct ModelsCommand: BenchCommand {
  let name = "models"
  let group = CommandGroup.functions
  let summary = "the models on this machine that match a pattern, as a list of what `load` takes"
  let discussion = """
    "hf:google/multiberts-seed_*" looks into the local Hugging Face cache, with `@` at revisions:
    "hf:EleutherAI/pythia-70m@step*"; "checkpoints/step*" at folders that hold a model, "*.safetensors" at files of
    weights beside a config.json. `*` stands for any characters (in a path none beyond a `/`), `?` for one, `[0-4]` for
    one of these. Without a pattern: the embedded models, and those of the cache; a repository of which main is not there with
    each revision that is. In natural order, step2 before step10. Nothing is downloaded; where nothing
    matches a pattern is an error. Under one name (`as ckpt`) one model at a time is in memory.
    """
  let parameters: [Parameter] = [
    .optional(
      "pattern", .name(.models), "a pattern in quotes; left out: all that are embedded or in the cache")
  ]
  let context: StateKey? = nil
  let example = #"""
    for m in models("demo*") { load m as ckpt }
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    .strings(
      try ModelCatalog(environment: bench.session.environment).models(matching: arguments.string("pattern")))
  }
}
