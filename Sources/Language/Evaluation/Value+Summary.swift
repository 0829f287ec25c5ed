import ExactText
import Faults
import Rendering
import Results
import Tensors

extension Value {
  /// What the value is, on one short line, whatever its size.
  ///
  /// - Parameter precision: significant digits of numbers.
  func summary(precision: Int) -> String {
    switch self {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .number(let number): formatNumber(number, precision: precision)
    case .string(let text): text.count > Self.longestText ? "\(text.prefix(Self.longestText))…" : text
    case .list(let elements): counted(elements.count, "element")
    case .record(let record): Self.names(Array(record.keys), of: "field")
    case .range(let range): "\(range.lower)..<\(range.upper)"
    case .tensor(let tensor): "shape \(tensor.shape)"
    case .table(let table):
      "\(counted(table.rows.count, "row")) of \(Self.names(table.columns, of: "column"))"
    case .figure(let figure): figure.title
    case .object(let object): object.summary
    }
  }

  private static var longestText: Int { 60 }
  private static var mostNames: Int { 6 }

  private static func names(_ names: [String], of what: String) -> String {
    let shown = names.prefix(mostNames).joined(separator: ", ") + (names.count > mostNames ? ", …" : "")
    return names.isEmpty ? counted(0, what) : "\(counted(names.count, what)): \(shown)"
  }
}
