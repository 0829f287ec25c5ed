import Faults

/// What a name of the language can fail to mean.
enum NameFault: StatedFault {
  case unknownName(String, suggestion: String?)
  case unknownCommand(String, suggestion: String?)
  case notAFunction(String, type: String)
  case functionAsValue(String)
  case unknownField(String, of: String, known: [String])
  case unknownTopic(String, suggestion: String?)
  case noResult

  package var sentence: FaultSentence {
    switch self {
    case .unknownName(let name, let suggestion):
      ("unknown-name", "nothing is called `\(name)`", didYouMean(suggestion))
    case .unknownCommand(let name, let suggestion):
      ("unknown-command", "no command or function is called `\(name)`", didYouMean(suggestion))
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
