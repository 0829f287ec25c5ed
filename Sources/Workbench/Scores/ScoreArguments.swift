import Language
import Transformers

/// Which activations the arguments of `attribute` ask for.
struct ScoreArguments {
  let call: InterventionArguments

  enum Choice {
    case swept(SweepArguments.Choice)
    case edges
  }

  private var sweep: SweepArguments { SweepArguments(call: call) }

  /// Everything that can be wrong without the texts is found here.
  func choice(_ kind: SweepTargets.Kind) throws -> Choice {
    guard kind == .edges else { return .swept(try sweep.choice()) }
    try call.arguments.refuse("layers", "layer", "nodes", because: "all edges are scored together")
    _ = try EdgeSpace(call.model.configuration)
    return .edges
  }

  /// Attention edges; nil for other kinds.
  func attention(_ choice: Choice, _ task: MeasuredTask) throws -> (SweepTargets, AttentionCut.Mode)? {
    guard case .swept(let swept) = choice, let mode = swept.cut else { return nil }
    return (try sweep.targets(swept, task), mode)
  }

  /// nil for residual edges.
  func targets(_ choice: Choice, _ task: MeasuredTask) throws -> ScoreTargets? {
    switch choice {
    case .swept(let choice):
      try ScoreTargets(sweep.targets(choice, task), call.model.configuration.blocks)
    case .edges: nil
    }
  }
}
