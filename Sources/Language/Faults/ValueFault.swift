import Faults
import Tensors

/// What can be wrong with a value: its type, its size, what is done with it.
package enum ValueFault: StatedFault {
  case wrongType(expected: String, found: String, what: String)
  case notWhole(String, what: String)
  case outOfBounds(Int, minimum: Int, maximum: Int, what: String)
  case notForWith(found: String, takes: String, example: String)
  case badOperands(String, String, String)
  case divisionByZero
  case indexOutOfRange(Int, count: Int)
  case unendingRange
  case raggedTensor([Int], [Int])
  case unevenRows(row: Int)
  case emptyText(what: String)
  case notANumber(String)
  case noNumberBehind(part: String, text: String)
  case wrongCount(Int, rows: Int)
  case assertionFailed(String, message: String?, values: String?)

  package var sentence: FaultSentence {
    switch self {
    case .wrongType(let expected, let found, let what):
      ("wrong-type", "\(what) expects \(expected), found \(found)", nil)
    case .notWhole(let number, let what):
      ("not-whole", "\(what) expects a whole number, found \(number)", nil)
    case .outOfBounds(let number, let minimum, let maximum, let what):
      number < minimum
        ? ("below-minimum", "\(what) is at least \(minimum), found \(number)", nil)
        : ("above-maximum", "\(what) is at most \(maximum), found \(number)", nil)
    case .notForWith(let found, let takes, let example):
      (
        "with-intervention", "`with` takes \(takes) for its block; this is \(found), which changes nothing",
        "e.g. \(example)"
      )
    case .badOperands(let symbol, let left, let right):
      ("bad-operands", "`\(symbol)` cannot combine \(left) and \(right)", nil)
    case .divisionByZero: ("division-by-zero", "division by zero", nil)
    case .indexOutOfRange(let index, let count):
      (
        "index-range",
        count == 0 ? "index \(index) into an empty list" : "index \(index) is out of range 0...\(count - 1)",
        nil
      )
    case .unendingRange: ("unending-range", "a range needs finite ends and a step other than 0", nil)
    case .raggedTensor(let first, let odd):
      (
        "ragged-tensor",
        "the lists have different lengths: parts of shape \(first.asShape) and \(odd.asShape)", nil
      )
    case .unevenRows(let row):
      ("uneven-rows", "row \(row) has other fields than row 0", "give every record the same fields")
    case .emptyText(let what): ("empty-text", "`\(what)` must not be empty", nil)
    case .notANumber(let text): ("not-a-number", "\(text.debugDescription) spells no number", nil)
    case .noNumberBehind(let part, let text):
      ("not-a-number", "no number stands behind \(part.debugDescription) in \(text.debugDescription)", nil)
    case .wrongCount(let count, let rows):
      (
        "column-length", "\(count) values for a column of \(rows) rows",
        "give one value for all rows, or one for each"
      )
    case .assertionFailed(let condition, let message, let values):
      ("assertion-failed", "assertion failed: \(message ?? condition)", values)
    }
  }
}
