import Faults
import Language

/// What can keep a sweep from being made, beside what can be wrong with a replacement.
enum SweepFault: Fault {
  case noTargets(String)
  case noAnswers(task: String)

  var code: String {
    switch self {
    case .noTargets: "sweep-targets"
    case .noAnswers: "sweep-task"
    }
  }

  var message: String {
    switch self {
    case .noTargets(let what): what
    case .noAnswers(let task): "\(task) holds plain sentences, which are neither right nor wrong"
    }
  }

  var remedy: String? {
    switch self {
    case .noTargets: nil
    case .noAnswers: "sweep over a task of masked or labelled sentences or of minimal pairs"
    }
  }
}
