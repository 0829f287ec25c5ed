import Faults

/// What can be wrong with the arguments of a call.
package enum CallFault: StatedFault {
  case unknownOption(String, command: String, known: [String])
  /// With what it is called here.
  case optionCalled(String, here: String)
  case notAChoice(String, of: [String], parameter: String)
  case missingArgument(String, synopsis: String)
  /// Of a script's function, whose parameters are written as they are.
  case missingParameter(String, synopsis: String)
  /// With a line that does what was meant, where that is known.
  case tooManyArguments(synopsis: String, instead: String?)
  case repeatedArgument(String)
  case ignoredOption(String, reason: String)

  package var sentence: FaultSentence {
    switch self {
    case .unknownOption(let name, let command, let known):
      (
        "unknown-option", "`\(command)` has no option `\(name)`",
        didYouMean(closest(to: name, in: known)) ?? listed("options", known)
      )
    case .optionCalled(let name, let here):
      ("unknown-option", "`\(name)=` is called `\(here)=` here", nil)
    case .notAChoice(let found, let choices, let parameter):
      (
        "bad-choice", "`\(parameter)` is one of \(choices.joined(separator: ", ")), not `\(found)`",
        didYouMean(closest(to: found, in: choices))
      )
    case .missingArgument(let name, let synopsis):
      ("missing-argument", "\(name.uppercased()) is missing", "usage: \(synopsis)")
    case .missingParameter(let name, let synopsis):
      ("missing-argument", "`\(name)` is missing", "usage: \(synopsis)")
    case .tooManyArguments(let synopsis, let line):
      (
        "too-many-arguments", "too many arguments" + (line.map { ": write `\($0)`" } ?? ""),
        "usage: \(synopsis)"
      )
    case .repeatedArgument(let name): ("repeated-argument", "`\(name)` is given twice", nil)
    case .ignoredOption(let name, let reason): ("ignored-option", "`\(name)` does not apply: \(reason)", nil)
    }
  }
}
