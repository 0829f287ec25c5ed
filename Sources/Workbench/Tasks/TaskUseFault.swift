import Faults
import Language
import Measurement

/// What can stand between a task and a model.
enum TaskUseFault: Fault {
  case headMissing(String, model: String, task: String, kind: MeasurementTask.Kind)
  case oneLabel(model: String)
  case noAnswers(task: String, kind: MeasurementTask.Kind)
  case notScored(task: String, kind: MeasurementTask.Kind)
  // Of one row
  case sameToken(String, String)
  case noTokens(String)

  var code: String {
    switch self {
    case .headMissing: "head-missing"
    case .oneLabel: "one-label"
    case .noAnswers, .notScored: "task-kind"
    case .sameToken, .noTokens: "task-row"
    }
  }

  var message: String {
    switch self {
    case .headMissing(let head, let model, let task, let kind):
      "model \(model) has no \(head), which the \(kind.noun) of \(task) need"
    case .oneLabel(let model):
      "the classifier of model \(model) has one label; there is nothing to choose from"
    case .noAnswers(let task, let kind): "\(task) holds \(kind.noun), which have no right output to read"
    case .notScored(let task, let kind):
      "\(task) holds \(kind.noun); only minimal pairs and plain sentences are scored"
    case .sameToken(let correct, let wrong):
      "\(quoted(correct)) and \(quoted(wrong)) are the same vocabulary entry"
    case .noTokens(let sentence): "nothing of \(quoted(String(sentence.prefix(40)))) is a token"
    }
  }

  var remedy: String? {
    switch self {
    case .headMissing(_, _, _, .labels):
      "load a model fine-tuned for classification, such as \"demo\", or take a task of masked sentences"
    case .headMissing: "load a model with a masked-LM head, such as \"demo\""
    case .oneLabel: "load a classifier with two labels or more"
    case .noAnswers: "use `score` for it, or a task of masked or labelled sentences"
    case .notScored: "use `measure` for it"
    default: nil
    }
  }
}

extension MeasurementTask.Kind {
  /// What the rows are called in a sentence.
  var noun: String {
    switch self {
    case .masked: "masked sentences"
    case .pairs: "minimal pairs"
    case .labels: "labelled sentences"
    case .text: "plain sentences"
    }
  }
}
