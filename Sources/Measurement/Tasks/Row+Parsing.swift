import ExactText
import JSONReading

extension MeasurementTask.Row {
  /// Reads one record.
  ///
  /// - Throws: ``RowFault``
  init(
    _ record: TaskFile.Record, of file: TaskFile, kind: MeasurementTask.Kind,
    _ answers: MeasurementTask.Answers = .words
  ) throws {
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
      case .prefixes: try self.init(prefix: fields, line: record.line, answers)
      case .greaterThan: try self.init(greaterThan: fields, line: record.line)
      }
    } catch let problem as JSONProblem {
      throw RowFault.json(problem)
    }
  }

  private init(masked fields: RowFields, line: Int, hasMasks: Bool) throws {
    let columns = try fields.columns(
      [.caseName, .sentence, .correct, .wrong, .counterfactual],
      places: [5: [1, 2, 3, 4], 6: [1, 2, 3, 4, 5], 3: [nil, 0, 1, 2]])
    let (sentence, correct, wrong) = (MaskNotation.unified(columns[1]), columns[2], columns[3])
    let counterfactual = MaskNotation.unified(columns[4])
    for text in [sentence, counterfactual] where !text.isEmpty {
      let masks = text.split(separator: MaskNotation.ours, omittingEmptySubsequences: false).count - 1
      guard masks == (hasMasks ? 1 : 0) else { throw RowFault.maskCount(masks) }
    }
    try Self.checkFilled(sentence, "sentence")
    try Self.checkFilled(correct, "correct word")
    try Self.checkFilled(wrong, "wrong word")
    guard correct != wrong else { throw RowFault.sameWords(correct) }
    self.init(
      line: line, caseName: columns[0],
      content: .masked(sentence: sentence, correct: correct, wrong: wrong),
      counterfactual: Self.counterfactual(counterfactual))
  }

  private init(labelled fields: RowFields, line: Int) throws {
    let columns = try fields.columns([.sentence, .label, .counterfactual], places: [2: [0, 1]])
    try Self.checkFilled(columns[0], "sentence")
    try Self.checkFilled(columns[1], "label")
    self.init(
      line: line, caseName: columns[1], content: .labelled(sentence: columns[0], label: columns[1]),
      counterfactual: Self.counterfactual(columns[2]))
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
    let columns = try fields.columns([.sentence, .counterfactual], places: [1: [0]])
    try Self.checkFilled(columns[0], "sentence")
    self.init(
      line: line, caseName: "", content: .text(columns[0]),
      counterfactual: Self.counterfactual(columns[1]))
  }

  private init(prefix fields: RowFields, line: Int, _ answers: MeasurementTask.Answers) throws {
    let isNumbered = try answers == .ids && fields.text(.correctID) != nil
    let answerColumns: [TaskColumn] = isNumbered ? [.correctID, .wrongID] : [.correct, .wrong]
    let columns = try fields.columns([.caseName, .clean] + answerColumns + [.counterfactual], places: [:])
    let (correct, wrong) = (columns[2], columns[3])
    try Self.checkFilled(columns[1], "text")
    for (answer, name) in [(correct, "right answer"), (wrong, "wrong answer")] {
      guard !answer.isEmpty else { throw RowFault.emptyField(name) }
      guard answers == .words || UInt32(answer) != nil else { throw RowFault.noID(answer) }
    }
    guard correct != wrong else { throw RowFault.sameWords(correct) }
    self.init(
      line: line, caseName: columns[0],
      content: .prefix(text: columns[1], correct: correct, wrong: wrong, answers: answers),
      counterfactual: Self.counterfactual(columns[4]))
  }

  private init(greaterThan fields: RowFields, line: Int) throws {
    let columns = try fields.columns([.caseName, .clean, .label, .counterfactual], places: [:])
    try Self.checkFilled(columns[1], "text")
    let digits = Array(columns[2].utf8)
    // A spreadsheet, and JSON, write 7 for 07.
    guard (1...2).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw RowFault.noTwoDigits(columns[2])
    }
    let year = digits.count == 1 ? "0" + columns[2] : columns[2]
    guard year != "99" else { throw RowFault.noLaterYear(year) }
    self.init(
      line: line, caseName: columns[0], content: .greaterThan(text: columns[1], year: year),
      counterfactual: Self.counterfactual(columns[3]))
  }

  private static func counterfactual(_ field: String) -> String? { field.isEmpty ? nil : field }

  private static func checkFilled(_ field: String, _ name: String) throws {
    guard !field.allSatisfy(\.isWhitespace) else { throw RowFault.emptyField(name) }
  }
}

extension RowFields {
  /// The texts of some columns; case and identifier may be missing.
  ///
  /// - Parameter places: Where they are in rows without names, by the number of columns, nil for those that are nowhere;
  ///   the first says what is expected.
  fileprivate func columns(
    _ columns: [TaskColumn], places: KeyValuePairs<Int, [Int?]>
  ) throws -> [String] {
    guard case .list(let fields) = self else {
      return try columns.map { column in
        try column.isOptional ? text(column) ?? "" : required(column)
      }
    }
    guard !places.isEmpty else { throw RowFault.noColumn(columns.first { !$0.isOptional }?.names[0] ?? "") }
    guard let places = places.first(where: { $0.key == fields.count })?.value else {
      throw RowFault.fieldCount(expected: places[0].key, found: fields.count)
    }
    return columns.indices.map { column in
      guard places.indices.contains(column), let place = places[column] else { return "" }
      return fields[place]
    }
  }
}
