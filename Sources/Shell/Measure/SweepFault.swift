import Faults

/// What can keep a sweep from being made, or its file from being gone on with.
enum SweepFault: Fault {
  case noTargets(String)
  case unequalLengths(task: String, shortest: Int, longest: Int)
  case noAnswers(task: String)
  case noDonor(task: String, length: Int)
  // Files
  case fileExists(path: String)
  case foreignFile(path: String)
  case otherSweep(path: String, what: String, file: String, here: String)
  case otherContent(path: String, what: String)
  case badLine(path: String, line: Int, reason: String)
  case inUse(path: String)
  case noFile

  var code: String {
    switch self {
    case .noTargets: "sweep-targets"
    case .unequalLengths: "sweep-lengths"
    case .noAnswers: "sweep-task"
    case .noDonor: "sweep-donor"
    case .fileExists: "sweep-file-exists"
    case .foreignFile: "sweep-file-foreign"
    case .otherSweep, .otherContent: "sweep-file-other"
    case .badLine: "sweep-file-line"
    case .inUse: "sweep-file-in-use"
    case .noFile: "sweep-no-file"
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
    case .fileExists(let path): "\(path) is there and not empty"
    case .foreignFile(let path): "\(path) is not the file of a sweep"
    case .otherSweep(let path, let what, let file, let here):
      "\(path) is the file of another sweep: its \(what) is \(file), here it is \(here)"
    case .otherContent(let path, let what): "\(path) is the file of another sweep: it is of \(what)"
    case .badLine(let path, let line, let reason): "\(path):\(line): \(reason)"
    case .inUse(let path): "\(path) is being written by another process"
    case .noFile: "`resume` goes on with a file, and none is named"
    }
  }

  var remedy: String? {
    switch self {
    case .noTargets, .badLine, .inUse: nil
    case .unequalLengths: "choose rows of one length, e.g. with case=NAME, or sweep heads, layers or nodes"
    case .noAnswers: "sweep over a task of masked or labelled sentences or of minimal pairs"
    case .noDonor: "choose more rows, or replace by=mean or by=baseline"
    case .fileExists: "go on with it by adding `resume`, or choose another file"
    case .foreignFile: "choose another file"
    case .otherSweep, .otherContent: "repeat that sweep's command with `resume`, or choose another file"
    case .noFile: "add file=PATH"
    }
  }
}
