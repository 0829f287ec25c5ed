import Faults
import Language

/// Why scores cannot be had.
enum ScoreFault: StatedFault {
  case undefined(method: String, kind: String, methods: [String])
  case postNorm(method: String, family: String)
  case normedBranches(method: String, family: String)
  case end(by: String, method: String, ends: [String])
  case oneLayer
  case unscored(node: String)
  case noAnswers(task: String)
  case nothingInCommon

  var sentence: FaultSentence {
    switch self {
    case .undefined(let method, let kind, let methods):
      (
        "score-method", "method=\(method) does not score \(kind)",
        "methods for \(kind): \(methods.joined(separator: ", "))"
      )
    case .postNorm(let method, let family):
      (
        "score-model",
        "method=\(method) is not defined for \(family): its norms come after the sums, so that holding their scales leaves no sum "
          + "of parts", "atp, atp-star and ig take every model"
      )
    case .normedBranches(let method, let family):
      (
        "score-model",
        "method=\(method) is not defined for \(family): its branches are normed before they are added, so that their parts are no "
          + "summands", "atp, atp-star and ig take every model"
      )
    case .end(let by, let method, let ends):
      (
        "score-end", "method=\(method) does not take by=\(by)",
        "it takes by=\(ends.joined(separator: " or by="))"
      )
    case .oneLayer:
      ("score-model", "atp-star drops one layer after another, and this model has one", "take method=atp")
    case .unscored(let node):
      (
        "score-node", "\(node) has no score: it shares its value with what it carries on",
        "scores are of heads, outputs of branches, hidden states, neurons, queries and keys"
      )
    case .nothingInCommon:
      (
        "compare-nothing", "the two have no node and no edge in common",
        "compare scores and a sweep of the same kind"
      )
    case .noAnswers(let task):
      (
        "score-task", "\(task) has no row with one quantity of interest",
        "take a task of masked, prefix or labelled rows"
      )
    }
  }
}
