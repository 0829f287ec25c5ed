import Faults

/// What can keep a sweep from being made.
enum SweepFault: Fault {
  case noTargets(String)
  case unequalLengths(task: String, shortest: Int, longest: Int)
  case noAnswers(task: String)
  case noDonor(task: String, length: Int)

  var code: String {
    switch self {
    case .noTargets: "sweep-targets"
    case .unequalLengths: "sweep-lengths"
    case .noAnswers: "sweep-task"
    case .noDonor: "sweep-donor"
    }
  }

  var message: String {
    switch self {
    case .noTargets(let what): what
    case .unequalLengths(let task, let shortest, let longest):
      "positions can be swept over sentences of one length; those of \(task) have \(shortest) to \(longest) tokens"
    case .noAnswers(let task): "\(task) holds plain sentences, which are neither right nor wrong"
    case .noDonor(let task, let length):
      "no other sentence of \(task) can stand in for one of \(length) tokens"
    }
  }

  var remedy: String? {
    switch self {
    case .noTargets: nil
    case .unequalLengths: "choose rows of one length, e.g. with case=NAME, or sweep heads, layers or nodes"
    case .noAnswers: "sweep over a task of masked or labelled sentences or of minimal pairs"
    case .noDonor: "choose more rows, or replace by=mean or by=baseline"
    }
  }
}
