import Faults

/// What a name of the language can fail to mean.
package enum NameFault: StatedFault {
  case unknownName(String, suggestion: String?)
  /// Of an assignment to a variable that is not there.
  case unassignedName(String, suggestion: String?)
  /// Of an assignment in a function to a variable of the session.
  case notOwn(String)
  case unknownCommand(String, suggestion: String?)
  /// What another language calls so.
  case otherCall(String, here: String)
  case notAFunction(String, type: String)
  case functionAsValue(String)
  case unknownField(String, of: String, known: [String])
  case unknownTopic(String, suggestion: String?)
  case noResult

  package var sentence: FaultSentence {
    switch self {
    case .unknownName(let name, let suggestion):
      ("unknown-name", "nothing is called `\(name)`", didYouMean(suggestion))
    case .unassignedName(let name, let suggestion):
      (
        "unknown-name", "no variable is called `\(name)`",
        didYouMean(suggestion) ?? "`let \(name) = ...` makes it"
      )
    case .notOwn(let name):
      (
        "not-own", "`\(name)` is a variable of the session, which a function reads only",
        "`let \(name) = \(name)` makes a copy that is the function's own; `return` gives it back"
      )
    case .unknownCommand(let name, let suggestion):
      ("unknown-command", "no command or function is called `\(name)`", didYouMean(suggestion))
    case .otherCall(let name, let here):
      ("unknown-command", "`\(name)(...)` is written `\(here)` here", nil)
    case .notAFunction(let name, let type):
      ("not-a-function", "`\(name)` is \(withArticle(type)), not a function", nil)
    case .functionAsValue(let name):
      ("function-as-value", "`\(name)` is a function, not a value", "write `\(name)(...)`")
    case .unknownField(let name, let type, let known):
      (
        "unknown-field", "\(withArticle(type)) has no field `\(name)`",
        didYouMean(closest(to: name, in: known)) ?? listed("fields", known)
      )
    case .unknownTopic(let name, let suggestion):
      (
        "unknown-topic", "there is no help on `\(name)`",
        didYouMean(suggestion) ?? "`help` lists what there is"
      )
    case .noResult: ("no-result", "there is no result yet", nil)
    }
  }
}
