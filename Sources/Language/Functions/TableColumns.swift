import ExactText
import Faults
import Results
import Scripting
import Tensors

extension Function {
  static func widened(_ table: Table, _ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    let (name, value) = (arguments.text("column"), arguments.required("value"))
    guard value.callable != nil else {
      let cells = try cells(value.value, count: table.rows.count, at: value.span)
      return .table(try table.withColumn(name, cells))
    }
    let cells = try values(of: value, for: try table.records.interruptibleMap { .record($0) }, interpreter)
    if interpreter.dryRun != nil, cells.contains(where: \.holdsUnknown) {
      return .unknown(like: .table(try table.withColumn(name, cells.map { _ in .null })))
    }
    return .table(try table.withColumn(name, cells))
  }

  /// What stands in the rows of a column: the elements of a list, range or vector, else the value in each.
  static func cells(_ value: Value, count: Int, at span: Span) throws -> [Value] {
    let cells: [Value]
    switch value.tabular {
    case .list(let elements): cells = elements
    case .range(let range) where range.count == count:
      cells = try (range.lower..<range.upper).interruptibleMap { Value($0) }
    case .range(let range): throw ValueFault.wrongCount(range.count, rows: count).located(span)
    case .tensor(let tensor) where tensor.rank == 1: cells = try tensor.interruptibleValues { Value($0) }
    default: return Array(repeating: value, count: count)
    }
    guard cells.count == count else { throw ValueFault.wrongCount(cells.count, rows: count).located(span) }
    return cells
  }

  /// By what a function makes of each element or row.
  static func sorted(
    _ argument: Arguments.Bound, by function: Arguments.Bound, _ descending: Bool, _ interpreter: Interpreter
  ) throws -> Value {
    let elements = try elements(argument)
    let keys = try values(of: function, for: elements, interpreter).map(interpreter.known)
    let order = try ValueOrder.sorted(
      keys, descending: descending, at: function, check: interpreter.checkInterruption)
    guard let table = argument.value.table else {
      return .list(try order.interruptibleMap { elements[$0] })
    }
    return .table(Table(columns: table.columns, rows: try order.interruptibleMap { table.rows[$0] }))
  }
}
