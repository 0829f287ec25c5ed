import ExactText
import Faults
import Language

/// What can keep an experiment from being made.
enum ExperimentFault: Fault, Equatable {
  case foreignPatterns(String)

  var code: String { "experiment-patterns" }

  var message: String {
    switch self {
    case .foreignPatterns(let reason): "these patterns are not those of the experiment: \(reason)"
    }
  }

  var remedy: String? {
    "leave `patterns` out, or search them with the same task, rows, points, quadrature and baseline"
  }
}
