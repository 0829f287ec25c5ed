import ExactText
import JSONReading

extension MeasurementTask.Row {
  /// Reads one record.
  ///
  /// - Throws: ``RowFault``
  init(_ record: TaskFile.Record, of file: TaskFile, kind: MeasurementTask.Kind) throws {
    do {
      if kind == .text, case nil = file.header, file.layout == .tabs, case .bytes(let bytes) = record.content
      {
        // A line as it is, tabs and all.
        if bytes.contains(0x0D) { throw RowFault.control("a carriage return") }
        self.init(line: record.line, caseName: "", content: .text(try TaskFile.text(bytes)))
        return
      }
      let fields = try file.fields(of: record)
      switch kind {
      case .masked: try self.init(masked: fields, line: record.line, hasMasks: file.hasMasks)
      case .pairs: try self.init(pair: fields, line: record.line)
      case .labels: try self.init(labelled: fields, line: record.line)
      case .text: try self.init(text: fields, line: record.line)
      }
    } catch let problem as JSONProblem {
      throw RowFault.json(problem)
    }
  }

  private init(masked fields: RowFields, line: Int, hasMasks: Bool) throws {
    let columns = try fields.columns([.caseName, .sentence, .correct, .wrong], places: [5: [1, 2, 3, 4]])
    let (sentence, correct, wrong) = (columns[1], columns[2], columns[3])
    let masks = sentence.split(separator: "[MASK]", omittingEmptySubsequences: false).count - 1
    guard masks == (hasMasks ? 1 : 0) else { throw RowFault.maskCount(masks) }
    try Self.checkFilled(sentence, "sentence")
    try Self.checkFilled(correct, "correct word")
    try Self.checkFilled(wrong, "wrong word")
    guard correct != wrong else { throw RowFault.sameWords(correct) }
    self.init(
      line: line, caseName: columns[0],
      content: .masked(sentence: sentence, correct: correct, wrong: wrong))
  }

  private init(labelled fields: RowFields, line: Int) throws {
    let columns = try fields.columns([.sentence, .label], places: [2: [0, 1]])
    try Self.checkFilled(columns[0], "sentence")
    try Self.checkFilled(columns[1], "label")
    self.init(line: line, caseName: columns[1], content: .labelled(sentence: columns[0], label: columns[1]))
  }

  /// Both sentences may be the same: BLiMP has 7 such pairs, which published accuracies count (as wrong).
  private init(pair fields: RowFields, line: Int) throws {
    let columns = try fields.columns([.good, .bad, .caseName, .id], places: [4: [2, 3, 1], 2: [0, 1]])
    try Self.checkFilled(columns[0], "sentence_good")
    try Self.checkFilled(columns[1], "sentence_bad")
    self.init(
      line: line, caseName: columns[2],
      content: .pair(good: columns[0], bad: columns[1], id: columns[3]))
  }

  private init(text fields: RowFields, line: Int) throws {
    let sentence = try fields.columns([.sentence], places: [1: [0]])[0]
    try Self.checkFilled(sentence, "sentence")
    self.init(line: line, caseName: "", content: .text(sentence))
  }

  private static func checkFilled(_ field: String, _ name: String) throws {
    guard !field.allSatisfy(\.isWhitespace) else { throw RowFault.emptyField(name) }
  }
}

extension RowFields {
  /// The texts of some columns; case and identifier may be missing.
  ///
  /// - Parameter places: Where they are in rows without names, by the number of columns; the first says what is expected.
  fileprivate func columns(
    _ columns: [TaskColumn], places: KeyValuePairs<Int, [Int]>
  ) throws -> [String] {
    guard case .list(let fields) = self else {
      return try columns.map { column in
        try column.isOptional ? text(column) ?? "" : required(column)
      }
    }
    guard let places = places.first(where: { $0.key == fields.count })?.value else {
      throw RowFault.fieldCount(expected: places[0].key, found: fields.count)
    }
    return columns.indices.map { places.indices.contains($0) ? fields[places[$0]] : "" }
  }
}
