/// The columns of a row, as a part of a text that many rows share: tasks have millions of them.
struct RowText: Sendable {
  private var text: [UInt8]
  /// Of the first column, in bytes.
  private var start: UInt32 = 0
  /// Behind the last one, from `start` on.
  private let end: UInt32
  /// Behind each of the first four columns, from `start` on; those behind the last are empty.
  private let ends: SIMD4<UInt32>

  static let mostColumns = 5

  /// - Parameter columns: at most ``mostColumns``, together shorter than 4 GB.
  init(_ columns: [String]) {
    precondition(columns.count <= Self.mostColumns, "\(columns.count) columns")
    var (text, ends) = ([UInt8](), SIMD4<UInt32>())
    text.reserveCapacity(columns.reduce(0) { $0 + $1.utf8.count })
    for index in 0..<Self.mostColumns {
      if columns.indices.contains(index) { text += columns[index].utf8 }
      if index < 4 { ends[index] = UInt32(text.count) }
    }
    (self.text, self.ends, end) = (text, ends, UInt32(text.count))
  }

  subscript(column: Int) -> String {
    let lower = column == 0 ? 0 : ends[column - 1]
    let upper = column < 4 ? ends[column] : end
    return String(decoding: text[Int(start + lower)..<Int(start + upper)], as: UTF8.self)
  }

  var byteCount: Int { Int(end) }

  /// Appends the columns to another text.
  func append(to other: inout [UInt8]) { other += text[Int(start)..<Int(start + end)] }

  /// The same columns as a part of another text, which has them at `start`.
  func moved(to other: [UInt8], at start: Int) -> RowText {
    var moved = self
    (moved.text, moved.start) = (other, UInt32(start))
    return moved
  }
}
