/// The columns of a row, as a part of a text that many rows share: tasks have millions of them.
struct RowText: Sendable {
  private var text: [UInt8]
  /// Of the first column, in bytes.
  private var start: UInt32 = 0
  /// Behind each column, from `start` on; those behind the last are empty.
  private let ends: SIMD4<UInt32>

  /// - Parameter columns: at most 4, together shorter than 4 GB.
  init(_ columns: [String]) {
    precondition(columns.count <= 4, "\(columns.count) columns")
    var (text, ends) = ([UInt8](), SIMD4<UInt32>())
    text.reserveCapacity(columns.reduce(0) { $0 + $1.utf8.count })
    for index in 0..<4 {
      if columns.indices.contains(index) { text += columns[index].utf8 }
      ends[index] = UInt32(text.count)
    }
    (self.text, self.ends) = (text, ends)
  }

  subscript(column: Int) -> String {
    let lower = column == 0 ? 0 : ends[column - 1]
    return String(decoding: text[Int(start + lower)..<Int(start + ends[column])], as: UTF8.self)
  }

  var byteCount: Int { Int(ends[3]) }

  /// Appends the columns to another text.
  func append(to other: inout [UInt8]) { other += text[Int(start)..<Int(start + ends[3])] }

  /// The same columns as a part of another text, which has them at `start`.
  func moved(to other: [UInt8], at start: Int) -> RowText {
    var moved = self
    (moved.text, moved.start) = (other, UInt32(start))
    return moved
  }
}
