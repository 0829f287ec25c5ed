import Foundation
import Measurement
import Results
import Scripting

// Names that the arguments before the cursor bring.
extension Completer {
  /// The cases of the tasks that are named, or the columns of the table; nil for a parameter that takes neither.
  ///
  /// - Parameter text: what stands before the word.
  func related(to parameter: Parameter, of command: any Command, behind text: String) -> [Candidate]? {
    switch (command.name, parameter.name) {
    case (_, "case"): cases(in: text)
    case ("where", "column"), ("sort", "by"), ("columns", "names"), ("group", "by"), ("group", "mean"),
      ("group", "sum"), ("group", "min"), ("group", "max"):
      columns(ofTableIn: text, command.name)
    default: nil
    }
  }

  private func cases(in text: String) -> [Candidate] {
    let statement = text.split { $0 == ";" || $0.isNewline }.last ?? ""
    let names = statement.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
    return names.compactMap(task).flatMap { task in
      task.cases.map { name in
        let count = task.rows.count { $0.caseName == name }
        return Candidate(Self.isBare(name) ? name : "\"\(name)\"", "\(count) rows of \(task.name)")
      }
    }
  }

  private func task(_ name: String) -> MeasurementTask? {
    guard case .object(let object)? = value(named: name) else { return nil }
    return (object as? TaskValue)?.task
  }

  /// Of the table that is the first argument of the innermost call of `function`.
  private func columns(ofTableIn text: String, _ function: String) -> [Candidate] {
    guard let call = text.range(of: function + "(", options: .backwards) else { return [] }
    var depth = 0
    let argument = text[call.upperBound...].prefix { character in
      if "([{".contains(character) { depth += 1 }
      if ")]}".contains(character) { depth -= 1 }
      return depth > 0 || character != ","
    }
    return columns(of: present(String(argument))).filter { Self.isBare($0) }.map { Candidate($0, "column") }
  }

  private func columns(of value: Value?) -> [String] {
    if let table = value?.table { return table.columns }
    guard case .list(let elements)? = value, case .record(let record)? = elements.first else { return [] }
    return Array(record.keys)
  }

  /// Whether a name may stand without quotes.
  private static func isBare(_ name: String) -> Bool {
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
