import Transformers
import Faults
import Language
import Measurement

/// What can stand between a task and a model.
enum TaskUseFault: Fault {
  case headMissing(String, model: String, task: String, kind: MeasurementTask.Kind)
  case oneLabel(model: String)
  /// Labels that do not exclude each other, or none at all.
  case noRightLabel(model: String, ProblemType)
  /// All labels are names of classes and numbers of others.
  case ambiguousLabels(task: String, label: String, named: Int, numbered: Int)
  case noAnswers(task: String, kind: MeasurementTask.Kind)
  case notScored(task: String, kind: MeasurementTask.Kind)
  /// Prefixes, whose answers follow them.
  case needsCausal(model: String, task: String)
  case unknownTask(String, suggestion: String?)
  // Of one row
  case sameToken(String, String)
  case noTokens(String)

  var code: String {
    switch self {
    case .headMissing: "head-missing"
    case .oneLabel: "one-label"
    case .noRightLabel: "no-right-label"
    case .ambiguousLabels: "ambiguous-label"
    case .noAnswers, .notScored: "task-kind"
    case .needsCausal: "task-causal"
    case .unknownTask: "unknown-task"
    case .sameToken, .noTokens: "task-row"
    }
  }

  var message: String {
    switch self {
    case .headMissing(let head, let model, let task, let kind):
      "model \(model) has no \(head), which the \(kind.noun) of \(task) need"
    case .oneLabel(let model):
      "the classifier of model \(model) has one label; there is nothing to choose from"
    case .noRightLabel(let model, .regression):
      "model \(model) is a regression: its outputs are values, so no label is the right one"
    case .noRightLabel(let model, _):
      "the labels of model \(model) do not exclude each other (multi-label), so a row's label is not the only right one"
    case .ambiguousLabels(let task, let label, let named, let numbered):
      "the labels of \(task) can be names and numbers: \(quoted(label)) is the name of class \(named) and the number of "
        + "class \(numbered)"
    case .noAnswers(let task, let kind): "\(task) holds \(kind.noun), which have no right output to read"
    case .notScored(let task, let kind):
      "\(task) holds \(kind.noun); only minimal pairs and plain sentences are scored"
    case .needsCausal(let model, let task):
      "\(task) holds prefixes: the text has no [MASK], and model \(model) does not predict what follows a text"
    case .unknownTask(let name, _): "no task is called \(quoted(name))"
    case .sameToken(let correct, let wrong):
      "\(quoted(correct)) and \(quoted(wrong)) are the same vocabulary entry"
    case .noTokens(let sentence): "nothing of \(quoted(String(sentence.prefix(40)))) is a token"
    }
  }

  var remedy: String? {
    switch self {
    case .unknownTask(_, let suggestion):
      suggestion.map { "did you mean `\($0)`?" }
        ?? "`task` lists the built-in ones; a file has a `.` or a `/` in its name"
    case .headMissing(_, _, _, .labels):
      "load a model fine-tuned for classification, such as \"demo\", or take a task of masked sentences"
    case .headMissing: "load a model with a masked-LM head, such as \"demo\""
    case .noRightLabel: "read its outputs one by one, with `forward labels` or `qoi label[...]`"
    case .ambiguousLabels: "read the file with `task FILE labels=name` or `labels=number`"
    case .oneLabel: "load a classifier with two labels or more"
    case .noAnswers: "use `score` for it, or a task of masked or labelled sentences"
    case .needsCausal: "load a causal model, such as \"demo-gpt2\", or write [MASK] in the sentences"
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
    case .prefixes: "prefixes"
    case .greaterThan: "prefixes of years"
    case .pairs: "minimal pairs"
    case .labels: "labelled sentences"
    case .text: "plain sentences"
    }
  }
}
