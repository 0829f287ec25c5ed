import Checkpoints
import ExactText
import Language
import Results

struct RevisionsCommand: BenchCommand {
  let name = "revisions"
  let group = CommandGroup.functions
  let summary = "the revisions of a model in the local Hugging Face cache, as a table"
  let discussion = """
    A row for each branch and tag (main, step1000), in natural order, then for each snapshot without one, by its commit.
    Columns: model, what `load` takes; revision, what its option takes; step, the number behind `step` in the revision, or
    null; commit. Nothing is downloaded.
    """
  let parameters: [Parameter] = [.required("model", .name(.models), "hf:org/name")]
  let context: StateKey? = nil
  let example = #"""
    try { print revisions("hf:EleutherAI/pythia-70m") } catch e { print e.message }
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let model = arguments.string("model") ?? ""
    let revisions = try bench.session.locating(arguments.span(of: "model")) {
      try ModelLocator.revisions(of: model, environment: bench.session.environment)
    }
    return .table(
      Table(
        columns: ["model", "revision", "step", "commit"],
        rows: try revisions.interruptibleMap { revision in
          [
            .string("\(model)@\(revision.name)"), .string(revision.name), try Self.step(of: revision.name),
            .string(revision.commit),
          ]
        }))
  }

  private static func step(of revision: String) throws -> Value {
    for word in ["step", "step_", "step-"] {
      if let step = try numberBehind(word, in: revision) { return .number(step) }
    }
    return .null
  }
}
