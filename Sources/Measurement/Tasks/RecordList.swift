/// The records of a task's file: those that are lines are made when they are asked for, since there may be millions.
struct RecordList: RandomAccessCollection {
  private struct Line {
    let number: UInt32
    let start: UInt32
    let count: UInt32
  }

  private enum Content {
    case records(ArraySlice<TaskFile.Record>)
    case lines(ArraySlice<Line>, of: ArraySlice<UInt8>)
  }

  private var content: Content

  init(_ records: [TaskFile.Record]) { content = .records(records[...]) }

  /// The lines that hold more than blanks, without what ends them.
  ///
  /// - Parameter text: shorter than 4 GB.
  /// - Throws: what `check` throws.
  init(linesOf text: ArraySlice<UInt8>, check: () throws -> Void) rethrows {
    var (lines, number, start) = ([Line](), 0 as UInt32, text.startIndex)
    while start <= text.endIndex {
      if number % 1024 == 0 { try check() }
      number += 1
      let next = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex
      let end = next > start && text[next - 1] == 0x0D ? next - 1 : next
      if text[start..<end].contains(where: { $0 != UInt8(ascii: " ") }) {
        lines.append(
          Line(number: number, start: UInt32(start - text.startIndex), count: UInt32(end - start)))
      }
      start = next + 1
    }
    content = .lines(lines[...], of: text)
  }

  var startIndex: Int { 0 }

  var endIndex: Int {
    switch content {
    case .records(let records): records.count
    case .lines(let lines, _): lines.count
    }
  }

  subscript(index: Int) -> TaskFile.Record {
    switch content {
    case .records(let records): return records[records.startIndex + index]
    case .lines(let lines, let text):
      let line = lines[lines.startIndex + index]
      let start = text.startIndex + Int(line.start)
      return TaskFile.Record(
        line: Int(line.number), content: .bytes(text[start..<(start + Int(line.count))]))
    }
  }

  /// Leaves out the first one, the names of the columns.
  mutating func removeHeader() {
    switch content {
    case .records(let records): content = .records(records.dropFirst())
    case .lines(let lines, let text): content = .lines(lines.dropFirst(), of: text)
    }
  }
}
