import Language
import Results

struct InterventionsCommand: BenchCommand {
  let name = "interventions"
  let group = CommandGroup.intervene
  let summary = "list what is done to the network"
  let discussion = """
    In the order in which it was asked for; later ones win. One that was made for another model acts when that model is
    current again.
    """
  let parameters: [Parameter] = []
  let example = #"""
    load "demo"
    ablate L1H0
    interventions
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let state = bench.state
    let rows = state.interventions.all.map { intervention -> [Value] in
      [
        Value(intervention.number), .string(intervention.verb), .string(intervention.target),
        .string(intervention.source.phrase), .string(intervention.model.name),
        .bool(state.model.map(intervention.acts) ?? false),
      ]
    }
    return .table(
      Table(columns: ["number", "verb", "nodes", "replacement", "model", "acts"], rows: rows))
  }
}
