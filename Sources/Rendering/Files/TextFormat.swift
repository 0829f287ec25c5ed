import Faults
import Results

/// A text format that holds every value.
struct TextFormat: FileFormat {
  let fileExtension: String
  private let text: @Sendable (Value) throws -> String

  init(_ fileExtension: String, encode: @escaping @Sendable (Value) throws -> String) {
    self.fileExtension = fileExtension
    text = encode
  }

  var holds: String { "every value" }

  func encode(_ value: Value, name: String) throws -> [UInt8]? { Array(try text(value).utf8) }
}

/// A list or table: one element or row a line. Another value: one line.
@Sendable func jsonLines(_ value: Value) throws -> String {
  let lines: [Value] =
    if case .list(let elements) = value {
      elements
    } else if let table = value.table {
      try table.records.map { .record($0) }
    } else {
      [value]
    }
  return try lines.interruptibleMap { try JSONText.string($0, .saved) + "\n" }.interruptibleJoined()
}

/// The table format without colour or a limit of width.
@Sendable func plainText(_ value: Value) throws -> String {
  let options = RenderOptions(width: .max, color: false)
  return try TableLayout(options).lines(value).lines().plain
}
