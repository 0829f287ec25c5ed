import Faults
import Language

/// What can be wrong with a question to `flow`.
enum FlowFault: StatedFault {
  case threshold(Double)

  var sentence: FaultSentence {
    switch self {
    case .threshold(let number):
      ("flow-threshold", "`threshold` is a share, 0 or more and less than 1, not \(shown(number))", nil)
    }
  }
}
