import Faults
import Language

/// What can be wrong with a tuned lens.
enum LensFault: StatedFault {
  case missing(String, path: String)
  case shape(String, expected: [Int], found: [Int])

  var sentence: FaultSentence {
    switch self {
    case .missing(let name, let path):
      ("lens-maps", "\(path) has no tensor \(name)", "a tuned lens has N.weight and N.bias for every layer N")
    case .shape(let name, let expected, let found):
      ("lens-maps", "\(name) has the shape \(found), but the model needs \(expected)", nil)
    }
  }
}
