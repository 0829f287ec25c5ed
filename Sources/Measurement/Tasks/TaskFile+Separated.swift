import Faults
import Files

extension TaskFile {
  /// The rows of a file of CSV, or of one with semicolons between its columns. One that breaks the rules is a bad row, and reading goes on with the next line.
  ///
  /// - Throws: what `check` throws.
  static func separated(
    _ text: ArraySlice<UInt8>, by separator: UInt8, check: InterruptionCheck
  ) throws -> [Record] {
    var reader = SeparatedReader(text, separator: separator)
    var records: [Record] = []
    while true {
      try check()
      let line = reader.line
      do {
        guard let row = try reader.next() else { return records }
        if row.isBlank { continue }
        do {
          records.append(Record(line: line, content: .fields(try row.cells.map { try self.text($0.bytes) })))
        } catch let fault as RowFault {
          try reader.goOn(behind: row)
          records.append(Record(line: line, content: .bad(fault)))
        }
      } catch let problem as SeparatedProblem {
        records.append(Record(line: line, content: .bad(RowFault(problem))))
      }
    }
  }
}

extension RowFault {
  fileprivate init(_ problem: SeparatedProblem) {
    self = problem == .carriageReturn ? .control("a carriage return") : .quoting(problem.sentence)
  }
}
