import Faults
import Files

/// What can be wrong with a file that `read` makes a table of.
struct TableFileFault: StatedFault {
  enum Problem {
    case empty
    case otherEncoding(String)
    case notUTF8
    case quoting(SeparatedProblem)
    case uneven(Int, columns: Int)
    case unlikeFirst(Int, first: Int)
    case doubledColumn(String)
    case numbersForNames
    case otherSeparator(String)
    case json(column: Int, expected: String, found: String)
    case notAnObject(String, columns: [String])
    case missingField(String)
    case furtherField(String)
  }

  let path: String
  /// From 1.
  let line: Int?
  let problem: Problem

  var sentence: FaultSentence {
    let (what, remedy) = text
    return ("malformed", "\(path)\(line.map { ":\($0)" } ?? ""): \(what)", remedy)
  }

  private var text: (what: String, remedy: String?) {
    switch problem {
    case .empty: ("there is no row", "the first row names the columns")
    case .otherEncoding(let name): ("the text is \(name)", "save the file as UTF-8")
    case .notUTF8: ("not UTF-8 text", "save the file as UTF-8")
    case .quoting(let problem):
      (
        problem.sentence,
        "a cell with a separator, a quote or a line break stands in quotes, quotes in it doubled (RFC 4180)"
      )
    case .uneven(let count, let columns):
      (
        "\(counted(count, "cell")) where the first row names \(counted(columns, "column"))",
        count < columns ? "with `uneven` short rows have nulls behind them" : nil
      )
    case .unlikeFirst(let count, let first):
      ("\(counted(count, "cell")) where the first row has \(first)", "`uneven` allows it")
    case .doubledColumn(let name):
      ("the first row names \(quoted(name)) twice", "give each column its own name")
    case .numbersForNames:
      (
        "the first row holds numbers, no names of columns",
        "header=false reads it as a row: read(FILE, header=false) is a list of rows; header=true takes the numbers as names"
      )
    case .otherSeparator(let separator):
      (
        "the first row names one column",
        "are the cells separated by \(separator)? then add separator=\"\(separator)\""
      )
    case .json(let column, let expected, let found):
      ("column \(column): expected \(expected), found \(found)", "each line is one JSON value")
    case .notAnObject(let type, let columns):
      (
        "\(withArticle(type)) where others are objects with \(columns.prefix(3).joined(separator: ", "))",
        "a table needs an object on each line"
      )
    case .missingField(let name):
      ("no field \(quoted(name)), which the first line has", "with `uneven` missing fields are null")
    case .furtherField(let name):
      ("a field \(quoted(name)), which the first line has not", "with `uneven` missing fields are null")
    }
  }
}
