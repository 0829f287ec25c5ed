import ExactText
import Faults
import Tensors

/// What a command or an expression yields. Renderers show it; they never compute.
///
/// Numbers and strings lie in the enumeration itself: lists hold millions of them. What is large is boxed.
public enum Value: Sendable {
  case null
  case bool(Bool)
  /// Also every integer: exact up to 2^53.
  case number(Double)
  case string(String)
  case list([Value])
  case record(Record)
  case range(IntegerRange)
  indirect case tensor(Tensor)
  indirect case table(Table)
  indirect case figure(Figure)
  /// A thing with an identity or behaviour of its own: a model, a node set, a task, a function.
  indirect case object(any ObjectValue)
}

/// Named fields in the order they are shown.
public typealias Record = NameTable<Value>

/// `lower ..< upper` over integers, as `for` and subscripts use it.
public struct IntegerRange: Sendable, Equatable {
  public let lower: Int
  public let upper: Int

  /// Empty when `upper <= lower`.
  public init(_ lower: Int, upTo upper: Int) {
    self.lower = lower
    self.upper = max(lower, upper)
  }

  public var count: Int { upper - lower }
}

/// Rows of equal length under named columns.
public struct Table: Sendable {
  public let columns: [String]
  public internal(set) var rows: [[Value]]
  /// Whether each row is another quantity, so that the numbers of a column have no digits in common: counts beside shares.
  public let mixesQuantities: Bool

  /// - Precondition: no column name occurs twice; every row has one cell a column.
  public init(columns: [String], rows: [[Value]] = [], mixesQuantities: Bool = false) {
    precondition(NameList(columns).count == columns.count, "a column name occurs twice in \(columns)")
    self.columns = columns
    for row in rows { Self.check(row, columns) }
    self.rows = rows
    self.mixesQuantities = mixesQuantities
  }

  public mutating func append(_ row: [Value]) {
    Self.check(row, columns)
    rows.append(row)
  }

  private static func check(_ row: [Value], _ columns: [String]) {
    precondition(row.count == columns.count, "\(row.count) cells for \(columns.count) columns")
  }

  /// - Throws: ``Interrupted``.
  public func column(_ name: String) throws -> [Value]? {
    try columns.firstIndex(of: name).map { index in try rows.interruptibleMap { $0[index] } }
  }
}

/// A drawing described as data; a renderer decides whether it becomes cells, SVG or JSON.
public enum Figure: Sendable {
  case heatmap(Heatmap)
  indirect case heatmaps(HeatmapGrid)
  case patterns(PatternPlot)
  indirect case chart(Chart)
  indirect case words(ColoredWords)
  /// One below the other.
  case several([Figure])
}

extension Figure {
  /// Of several, the first one's.
  public var title: String {
    switch self {
    case .heatmap(let map): map.title
    case .heatmaps(let grid): grid.title
    case .patterns(let plot): plot.title
    case .chart(let chart): chart.title
    case .words(let words): words.title
    case .several(let figures): figures.first?.title ?? ""
    }
  }
}

/// A matrix of values with labels.
public struct Heatmap: Sendable {
  public let title: String
  /// What a row and a column stand for, e.g. "query" and "key".
  public let rowAxis: String
  public let columnAxis: String
  public let rowLabels: [String]
  public let columnLabels: [String]
  /// (rows, columns)
  public let values: Tensor

  public init(
    title: String, rowAxis: String, columnAxis: String, rowLabels: [String],
    columnLabels: [String], values: Tensor
  ) {
    precondition(
      values.shape == [rowLabels.count, columnLabels.count],
      "values \(values.shape) for \(rowLabels.count) x \(columnLabels.count) labels")
    self.title = title
    self.rowAxis = rowAxis
    self.columnAxis = columnAxis
    self.rowLabels = rowLabels
    self.columnLabels = columnLabels
    self.values = values
  }
}

/// A value that is more than data. Immutable.
public protocol ObjectValue: Sendable {
  /// What it is, for messages: "model", "node set".
  var typeName: String { get }

  /// One line for the table format.
  var summary: String { get }

  /// What `value.field` reads and what machine formats write.
  var fields: Record { get }

  /// One of ``fields``; for an object whose fields are much to make.
  ///
  /// - Throws: ``Interrupted``, `HeldMemoryFault`.
  func field(_ name: String) throws -> Value?

  /// What the table format shows; the summary unless the object has more to show. A string, also in a list, is a line.
  var display: Value { get }

  /// The rows of an object that is a table with more to it; nil for others. It is indexed, looped over and written as CSV
  /// as the table is, and its columns are fields too.
  var table: Table? { get }

  /// The parts of an object that is a collection, such as a set of nodes; nil for others. It is indexed and looped over as a
  /// list of them.
  var elements: [Value]? { get }

  /// What CSV shows: one table of the main result that a spreadsheet reads, with a column for each name.
  var sheet: Table? { get }
}

extension ObjectValue {
  public func field(_ name: String) throws -> Value? { fields[name] }
  public var display: Value { .string(summary) }
  public var table: Table? { nil }
  public var elements: [Value]? { nil }
  public var sheet: Table? { table }
}

extension Value {
  /// The rows of a table, or of an object that has some.
  public var table: Table? {
    switch self {
    case .table(let table): table
    case .object(let object): object.table
    default: nil
    }
  }

  /// The table of an object that has one, the list of an object's parts; other values as they are.
  public var tabular: Value {
    if case .object(let object) = self, let elements = object.elements { return .list(elements) }
    return table.map(Value.table) ?? self
  }
}

extension Value {
  /// The type's name in messages: "number", "tensor", "model", ...
  public var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "bool"
    case .number: "number"
    case .string: "string"
    case .list: "list"
    case .record: "record"
    case .range: "range"
    case .tensor: "tensor"
    case .table: "table"
    case .figure: "figure"
    case .object(let object): object.typeName
    }
  }
}
