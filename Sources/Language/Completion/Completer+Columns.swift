import ExactText
import Results
import Scripting

// Names that the arguments before the cursor bring.
extension Completer {
  /// The columns of the table that is named; nil for a parameter that takes none.
  ///
  /// - Parameter text: what stands before the word.
  func columns(for parameter: Parameter, of command: any Command, behind text: String) -> [Candidate]? {
    switch (command.name, parameter.name) {
    case ("where", "column"), ("sort", "by"), ("columns", "names"), ("group", "by"), ("group", "mean"),
      ("group", "sum"), ("group", "min"), ("group", "max"), ("join", "by"), ("pivot", "rows"),
      ("pivot", "columns"),
      ("pivot", "values"), ("unpivot", "columns"), ("unpivot", "keep"), ("with_column", "column"),
      ("plot", "x"), ("plot", "y"), ("plot", "by"),
      ("plot", "label"):
      columns(ofTableIn: text, command.name)
    default: nil
    }
  }

  /// Of the table that is the first argument of the innermost call of `function`, or of its statement.
  private func columns(ofTableIn text: String, _ function: String) -> [Candidate] {
    guard let call = text.lastRange(of: function + "(") else { return columns(ofStatementIn: text, function) }
    var depth = 0
    let argument = text[call.upperBound...].prefix { character in
      if "([{".contains(character) { depth += 1 }
      if ")]}".contains(character) { depth -= 1 }
      return depth > 0 || character != ","
    }
    return columns(of: present(String(argument))).filter { Self.isBare($0) }.map { Candidate($0, "column") }
  }

  private func columns(ofStatementIn text: String, _ verb: String) -> [Candidate] {
    guard let start = text.lastRange(of: verb + " ") else { return [] }
    var depth = 0
    let argument = text[start.upperBound...].prefix { character in
      if "([{".contains(character) { depth += 1 }
      if ")]}".contains(character) { depth -= 1 }
      return depth > 0 || character != " "
    }
    return columns(of: present(String(argument))).filter { Self.isBare($0) }.map { Candidate($0, "column") }
  }

  private func columns(of value: Value?) -> [String] {
    if let table = value?.table { return table.columns }
    if case .record(let record)? = value {
      return record.compactMap { if case .list = $0.value { $0.key } else { nil } }
    }
    guard case .list(let elements)? = value, case .record(let record)? = elements.first else { return [] }
    return Array(record.keys)
  }

  /// Whether a name may stand without quotes.
  package static func isBare(_ name: String) -> Bool {
    guard let first = name.first, !first.isNumber else { return false }
    return name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
  }

  /// The names of the fields of what stands before `["`; nil elsewhere.
  func keys(behind text: String) -> [Candidate]? {
    guard text.hasSuffix("[\"") else { return nil }
    let base = text.dropLast(2)
    let start = base.lastIndex { !($0.isLetter || $0.isNumber || "_.[]\"-".contains($0)) }
    let expression = String(start.map { base[base.index(after: $0)...] } ?? base)
    guard let value = present(expression), let fields = try? interpreter.fields(of: value) else { return nil }
    return fields.map { Candidate($0.key + "\"", $0.value.typeName, isWhole: false) }
  }
}
