import ExactText
import Faults

/// Why a model has no residual edges.
public enum EdgeFault: Fault, Equatable {
  case postNorm(family: String)
  case normedBranches(family: String)
  case interventionsActive
  case noActivations

  public var code: String {
    switch self {
    case .postNorm, .normedBranches: "residual-edges-undefined"
    case .interventionsActive: "residual-edges-under-interventions"
    case .noActivations: "residual-edges-active"
    }
  }

  public var message: String {
    switch self {
    case .postNorm(let family):
      "residual edges are not defined for \(family): its norms come after the sums, so what a part reads is no sum of what "
        + "others wrote"
    case .normedBranches(let family):
      "residual edges are not defined for \(family): its branches are normed before they are added, so a head writes nothing "
        + "of its own into the stream"
    case .interventionsActive: "residual edges are not computed under other interventions"
    case .noActivations:
      "while residual edges are patched only what the model says is computed: logits, quantities, tasks, no activations and no "
        + "influences"
    }
  }

  public var remedy: String? {
    switch self {
    case .postNorm, .normedBranches: "attention edges (`L3H7@7<-2`) and pattern steps take their place"
    case .interventionsActive, .noActivations: "undo them with `restore`"
    }
  }
}
