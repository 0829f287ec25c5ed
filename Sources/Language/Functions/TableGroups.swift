import ExactText
import Faults
import Results
import Scripting
import Tensors

extension Function {
  static func grouped(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    guard let by = arguments["by"] else {
      throw CallFault.missingArgument("by", synopsis: "group(TABLE, by=COLUMN, mean=COLUMN)").located(
        arguments.span)
    }
    let table = try rows(arguments.required("table"))
    let keyNames = try names(by)
    let keys = try keyNames.map { try column($0, of: table, at: by.span) }
    let summaries = try [Reduction.mean, .sum, .min, .max].flatMap { reduction in
      try arguments[reduction.rawValue].map { bound in
        try names(bound).map { (reduction, $0, try column($0, of: table, at: bound.span), bound) }
      } ?? []
    }
    let columns = keyNames + ["count"] + summaries.map { "\($0.1)_\($0.0.rawValue)" }
    guard NameList(columns).count == columns.count else {
      throw CallFault.repeatedArgument(
        columns.first { name in columns.filter { $0 == name }.count > 1 } ?? "by"
      )
      .located(arguments.span)
    }
    var result = Table(columns: columns)
    for members in try groups(keys, count: table.rows.count, interpreter) {
      let values = try summaries.map { reduction, name, column, bound in
        try summary(reduction, name, members.map { column[$0] }, bound)
      }
      try interpreter.checkInterruption()
      result.append(keys.map { $0[members[0]] } + [Value(members.count)] + values)
    }
    return .table(result)
  }

  /// A text that is the same for equal cells and for no others.
  static func rowKey(_ cells: [Value], _ interpreter: Interpreter) throws -> String {
    try cells.map { "\($0.typeName) \(try interpreter.displayText($0))" }.joined(separator: "\0")
  }

  /// The rows that have the same keys, in order of appearance.
  static func groups(_ keys: [[Value]], count: Int, _ interpreter: Interpreter) throws -> [[Int]] {
    var places: NameTable<Int> = [:]
    var groups: [[Int]] = []
    for row in 0..<count {
      try interpreter.checkInterruption()
      let key = try rowKey(keys.map { $0[row] }, interpreter)
      if let place = places[key] {
        groups[place].append(row)
      } else {
        places[key] = groups.count
        groups.append([row])
      }
    }
    return groups
  }

  /// True counts as 1 and false as 0, so that the mean of a yes-or-no column is its share of yes.
  static func summary(
    _ reduction: Reduction, _ name: String, _ values: [Value], _ bound: Arguments.Bound
  ) throws -> Value {
    let numbers = try values.interruptibleMap { value -> Double in
      switch value {
      case .number(let number): return number
      case .bool(let flag): return flag ? 1 : 0
      default:
        throw ValueFault.wrongType(expected: "numbers", found: value.typeName, what: "column `\(name)`")
          .located(bound.span)
      }
    }
    return try reduction(numbers).map { .number($0) } ?? .null
  }

  static func names(_ bound: Arguments.Bound) throws -> [String] {
    switch bound.value {
    case .string(let name): return [name]
    case .list(let elements):
      return try elements.map { element in
        guard case .string(let name) = element else { throw bound.mismatch(expected: "names of columns") }
        return name
      }
    default: throw bound.mismatch(expected: "the name of a column, or a list of names")
    }
  }
}
