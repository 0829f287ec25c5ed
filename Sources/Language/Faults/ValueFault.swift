import ExactText
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
  /// Several names for an element that is no list of as many.
  case notTakenApart(Int, found: String)
  case formatForNumbers(String, found: String)
  case formatForWholeNumbers(String, found: String)
  /// No part of such a value can be assigned to.
  case unchangeable(String, isTable: Bool)
  case unchangeableField(of: String)
  case unlikeSlice(Int, found: String)
  case notAnOrder(of: Int)
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
      (
        "bad-operands", "`\(symbol)` cannot combine \(left) and \(right)",
        Self.otherOperation(symbol, left, right)
      )
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
        "column-length", "\(counted(count, "value")) for a column of \(counted(rows, "row"))",
        "give one value for all rows, or one for each"
      )
    case .notTakenApart(let count, let found):
      (
        "not-taken-apart", "\(count) names need elements that are lists of \(count), found \(found)",
        "of a record `for key, value in r` takes the fields, of a table `for row in t` its rows"
      )
    case .formatForNumbers(let format, let found):
      (
        "wrong-type", "the format `\(format)` is for numbers, found \(found)",
        "text takes `<8`, `>8`, `^8` or `.8`"
      )
    case .formatForWholeNumbers(let format, let found):
      ("not-whole", "the format `\(format)` is for whole numbers, found \(found)", "`.0f` rounds")
    case .unchangeable(let type, let isTable):
      (
        "unchangeable", "\(withArticle(type)) has no parts that can be assigned to",
        isTable
          ? "`let t = table(x)` makes a table of it, whose cells can be changed"
          : "lists, records, tensors and tables have"
      )
    case .unchangeableField(let type):
      (
        "unchangeable", "\(withArticle(type)) has no field that can be assigned to",
        "an element is changed by `x[0] = 5`"
      )
    case .unlikeSlice(let count, let found):
      ("wrong-type", "a part of \(counted(count, "element")) takes a list of as many, found \(found)", nil)
    case .notAnOrder(let rank):
      (
        "bad-axes",
        "`axes` names each dimension of the tensor once: the numbers 0...\(rank - 1) in some order",
        nil
      )
    case .assertionFailed(let condition, let message, let values):
      ("assertion-failed", "assertion failed: \(message ?? condition)", values)
    }
  }
}

extension ValueFault {
  /// What does what an operator does elsewhere.
  private static func otherOperation(_ symbol: String, _ left: String, _ right: String) -> String? {
    let isList = left == "list" || right == "list"
    switch symbol {
    case "in", "not in": return "behind `\(symbol)` stands a list, string, record, range, table or tensor"
    case "%" where left == "string": return "a number with two decimals: \"{x:.2f}\""
    case "@": return "`a @ b` multiplies tensors; `@` directly follows a node: `L3@7`"
    case _ where left == "null" || right == "null":
      return "null is a missing value: e.g. x if x != null else 0"
    case "+" where left == "string" || right == "string":
      return "a string takes a value in by braces: \"layer {l}\""
    case "+", "-", "*", "/", "%", "^", "<", "<=", ">", ">=":
      guard isList else { return nil }
      return "element by element: [a \(symbol) b for a, b in zip(x, y)]; a column of a table: "
        + "with_column(t, name, r => r.a \(symbol) r.b)"
    default: return nil
    }
  }
}
