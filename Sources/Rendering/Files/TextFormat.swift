import Results

/// A text format that holds every value.
struct TextFormat: FileFormat {
  let fileExtension: String
  private let text: @Sendable (Value) -> String

  init(_ fileExtension: String, encode: @escaping @Sendable (Value) -> String) {
    self.fileExtension = fileExtension
    text = encode
  }

  var holds: String { "every value" }

  func encode(_ value: Value, name: String) -> [UInt8]? { Array(text(value).utf8) }
}

/// A list or table: one element or row a line. Another value: one line.
@Sendable func jsonLines(_ value: Value) -> String {
  let lines: [Value] =
    if case .list(let elements) = value {
      elements
    } else if let table = value.table {
      table.records.map { .record($0) }
    } else {
      [value]
    }
  return lines.map { JSONText.string($0) + "\n" }.joined()
}

/// The table format without colour or a limit of width.
@Sendable func plainText(_ value: Value) -> String {
  let options = RenderOptions(width: .max, color: false)
  return TableLayout(options).lines(value).map { $0 + "\n" }.joined()
}
