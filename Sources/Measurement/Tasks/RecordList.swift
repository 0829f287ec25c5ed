import Faults

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
  /// - Throws: ``Interrupted``, ``HeldMemoryFault``.
  init(linesOf text: ArraySlice<UInt8>) throws {
    var (lines, number, start) = ([Line](), 0 as UInt32, text.startIndex)
    var (isBlank, made) = (true, 0)
    func add(_ next: Int) {
      number += 1
      let end = next > start && text[next - 1] == 0x0D ? next - 1 : next
      if !isBlank {
        lines.append(
          Line(number: number, start: UInt32(start - text.startIndex), count: UInt32(end - start)))
      }
      (start, isBlank) = (next + 1, true)
    }
    try text.indices.forEachPart { part in
      let before = lines.count
      defer { made = lines.count - before }
      try MemoryBudget.current?.note(made * MemoryLayout<Line>.stride)
      for index in part {
        switch text[index] {
        case UInt8(ascii: "\n"): add(index)
        case UInt8(ascii: " "): break
        // What ends the line with its newline is no text of it.
        case 0x0D where index + 1 == text.endIndex || text[index + 1] == UInt8(ascii: "\n"): break
        default: isBlank = false
        }
      }
    }
    add(text.endIndex)
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
