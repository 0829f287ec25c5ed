import Faults
import Language

/// What can keep a sweep from being made, beside what can be wrong with a replacement.
enum SweepFault: Fault {
  case noTargets(String)
  case noAnswers(task: String)
  case edgesBy
  case edgesOfLabels
  case maskOfNodes
  case cutBy(String)

  var code: String {
    switch self {
    case .noTargets: "sweep-targets"
    case .noAnswers, .edgesOfLabels: "sweep-task"
    case .edgesBy: "sweep-edges"
    case .maskOfNodes, .cutBy: "sweep-cut"
    }
  }

  var message: String {
    switch self {
    case .noTargets(let what): what
    case .edgesBy: "what a residual edge carries can only come from another run"
    case .maskOfNodes: "by=mask cuts attention edges"
    case .cutBy(let by): "an attention edge is not cut by=\(by)"
    case .edgesOfLabels: "edges are swept over rows that one quantity decides"
    case .noAnswers(let task): "\(task) holds plain sentences, which are neither right nor wrong"
    }
  }

  var remedy: String? {
    switch self {
    case .noTargets: nil
    case .maskOfNodes: "sweep attention_edges, or take by=zero"
    case .cutBy: "take by=zero or by=mask"
    case .edgesBy: "take by=counterfactual or by=baseline"
    case .edgesOfLabels: "take a task of masked or prefix rows, or of two labels"
    case .noAnswers: "sweep over a task of masked or labelled sentences or of minimal pairs"
    }
  }
}
