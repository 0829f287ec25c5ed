import Faults

extension MeasurementTask {
  /// Reads a file, a row a line; lines of nothing but blanks are passed over.
  ///
  /// | kind | a line |
  /// |---|---|
  /// | masked | `task<TAB>case<TAB>sentence with [MASK]<TAB>correct<TAB>wrong` |
  /// | pairs | `{"sentence_good": ..., "sentence_bad": ..., "UID": ..., "pairID": ...}`, as in BLiMP; UID is the case |
  /// | labels | `sentence<TAB>label`; the label is the case |
  /// | text | a sentence |
  ///
  /// Text is UTF-8, with or without a byte order mark; lines end with `\n` or `\r\n`.
  ///
  /// - Parameters:
  ///   - path: for messages, and its extension for the format.
  ///   - kind: nil finds it out by extension and content.
  ///   - strict: the first bad row is an error; otherwise bad rows are left out and listed in ``badRows``.
  /// - Throws: ``TaskFault``, also when no row can be used; what `check` throws.
  public init(
    name: String, bytes: [UInt8], path: String, kind: Kind? = nil, strict: Bool = false,
    check: InterruptionCheck = {}
  ) throws {
    let file = try TaskFile(bytes, path: path)
    let kind = try kind ?? file.kind()
    var (rows, badRows): ([Row], [BadRow]) = ([], [])
    for line in file.lines {
      try check()
      do {
        rows.append(try Row(TaskFile.text(line.bytes), kind: kind, line: line.number))
      } catch let fault as RowFault {
        let bad = BadRow(line: line.number, cause: fault)
        if strict { throw TaskFault.badRow(bad, path: path) }
        badRows.append(bad)
      }
    }
    guard !rows.isEmpty else { throw TaskFault.onlyBadRows(badRows, path: path) }
    self.init(name: name, source: path, kind: kind, rows: rows, badRows: badRows)
  }
}
