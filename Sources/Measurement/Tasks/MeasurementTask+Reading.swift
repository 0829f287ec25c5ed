import Faults

extension MeasurementTask {
  /// Reads a file: lines with tabs between the columns, CSV, an object or list of JSON a line or a list of those. Lines of
  /// nothing but blanks are passed over. A hidden word is [MASK], `***mask***` or `<mask>`.
  ///
  /// | kind | columns without names | columns by name |
  /// |---|---|---|
  /// | masked | task, case, sentence with [MASK], correct, wrong; or the last three | sentence, correct, wrong, case |
  /// | pairs | task, case, good, bad, as Marvin and Linzen (2018) have them; or good, bad, alike | see ``TaskColumn`` |
  /// | labels | sentence, label; the label is the case | sentence, label |
  /// | text | a sentence | sentence |
  /// | prefixes | - | clean, correct, wrong (or correct_idx, incorrect_idx), corrupted, case |
  /// | greater than | - | clean, label (two digits), corrupted, case |
  ///
  /// Masked rows may have a sixth column, the counterfactual; all but pairs a column of that name.
  ///
  /// Columns have names in JSON, and where the first row is known ones. Text is UTF-8, with or without a byte order mark;
  /// lines end with `\n` or `\r\n`.
  ///
  /// - Parameters:
  ///   - path: for messages, and its extension for the format.
  ///   - kind: nil finds it out by extension and content.
  ///   - answers: what the answers of prefixes are.
  ///   - strict: the first bad row is an error; otherwise bad rows are left out and listed in ``badRows``.
  /// - Throws: ``TaskFault``, also when no row can be used; ``HeldMemoryFault``; what `check` throws.
  public init(
    name: String, bytes: [UInt8], path: String, kind: Kind? = nil, answers: Answers = .words,
    strict: Bool = false, check: InterruptionCheck = {}
  ) throws {
    let file = try TaskFile(bytes, path: path, kind: kind, check: check)
    let kind = try kind ?? file.kind()
    if kind == .prefixes, answers == .words { try file.requireWords() }
    var (rows, badRows) = (RowCollector(), [BadRow]())
    for record in file.records {
      try check()
      do {
        try rows.append(try Row(record, of: file, kind: kind, answers))
      } catch let fault as RowFault {
        let bad = BadRow(line: record.line, unit: file.unit, cause: fault)
        if strict { throw TaskFault.badRow(bad, path: path) }
        badRows.append(bad)
        // With what is said of it.
        try MemoryBudget.current?.note(MemoryLayout<BadRow>.stride + 256)
      }
    }
    try rows.complete()
    guard !rows.rows.isEmpty else { throw TaskFault.onlyBadRows(badRows, path: path) }
    self.init(name: name, source: path, kind: kind, rows: rows.rows, badRows: badRows, unit: file.unit)
  }
}
