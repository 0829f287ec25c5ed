import ExactText
import Faults
import JSONReading

/// What can be wrong with a request.
package enum RequestFault: StatedFault {
  case notJSON(JSONProblem)
  case notAnObject(found: String)
  case tooLong(limit: Int)
  case noID
  case noTask
  case severalTasks([String])
  case unknownField(String, known: [String])
  case wrongType(field: String, expected: String, found: String)
  case beyondText(cursor: Int, length: Int)
  case misplacedField(String, task: String)

  private static let form = #"one object a line, such as {"id": 1, "code": "print 1 + 1"}"#

  package var sentence: FaultSentence {
    let (message, remedy): (String, String?) =
      switch self {
      case .notJSON(let problem): ("the request is no JSON\(problem.sentence)", Self.form)
      case .notAnObject(let found): ("a request is an object, found \(found)", Self.form)
      case .tooLong(let limit):
        ("the request has more than \(roundedSize(limit))", "`source` runs a script from a file")
      case .noID: ("the request has no `id`", Self.form)
      case .noTask: ("the request asks for nothing", listed("it has one of", ServedTask.Kind.names))
      case .severalTasks(let fields):
        ("the request asks for several things: \(fields.joined(separator: ", "))", "make a request of each")
      case .unknownField(let name, let known):
        (
          "a request has no field `\(shortened(name, to: 100))`",
          didYouMean(closest(to: name, in: known)) ?? listed("fields", known)
        )
      case .wrongType(let field, let expected, let found):
        ("`\(field)` expects \(expected), found \(found)", nil)
      case .beyondText(let cursor, let length):
        ("`cursor` is at \(cursor), the text has \(length) Unicode scalars", nil)
      case .misplacedField(let field, let task): ("`\(field)` does not apply to `\(task)`", nil)
      }
    return ("bad-request", message, remedy)
  }
}
