import JSONReading

extension MeasurementTask.Row {
  /// Reads one line.
  ///
  /// - Throws: ``RowFault``
  init(_ text: String, kind: MeasurementTask.Kind, line: Int) throws {
    switch kind {
    case .masked: try self.init(masked: text, line: line)
    case .pairs: try self.init(pair: text, line: line)
    case .labels: try self.init(labelled: text, line: line)
    case .text: self.init(line: line, caseName: "", content: .text(text))
    }
  }

  private init(masked text: String, line: Int) throws {
    let fields = try Self.fields(of: text, count: 5)
    let (sentence, correct, wrong) = (fields[2], fields[3], fields[4])
    let masks = sentence.split(separator: "[MASK]", omittingEmptySubsequences: false).count - 1
    guard masks == 1 else { throw RowFault.maskCount(masks) }
    try Self.checkFilled(correct, "correct word")
    try Self.checkFilled(wrong, "wrong word")
    guard correct != wrong else { throw RowFault.sameWords(correct) }
    self.init(
      line: line, caseName: fields[1],
      content: .masked(sentence: sentence, correct: correct, wrong: wrong))
  }

  private init(labelled text: String, line: Int) throws {
    let fields = try Self.fields(of: text, count: 2)
    try Self.checkFilled(fields[0], "sentence")
    try Self.checkFilled(fields[1], "label")
    self.init(line: line, caseName: fields[1], content: .labelled(sentence: fields[0], label: fields[1]))
  }

  /// Both sentences may be the same: BLiMP has 7 such pairs, which published accuracies count (as wrong).
  private init(pair text: String, line: Int) throws {
    do {
      let object = try JSONField(document: Array(text.utf8))
      let good = try object.required("sentence_good").string()
      let bad = try object.required("sentence_bad").string()
      try Self.checkFilled(good, "sentence_good")
      try Self.checkFilled(bad, "sentence_bad")
      self.init(
        line: line, caseName: try object.optional("UID")?.string() ?? "",
        content: .pair(good: good, bad: bad, id: try object.optional("pairID")?.name() ?? ""))
    } catch let problem as JSONProblem {
      throw RowFault.json(problem)
    }
  }

  private static func fields(of text: String, count: Int) throws -> [String] {
    let fields = text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == count else { throw RowFault.fieldCount(expected: count, found: fields.count) }
    return fields
  }

  private static func checkFilled(_ field: String, _ name: String) throws {
    guard !field.allSatisfy(\.isWhitespace) else { throw RowFault.emptyField(name) }
  }
}

extension JSONField {
  /// A string, or a whole number as written: BLiMP has strings, its derivatives numbers.
  fileprivate func name() throws -> String {
    if case .number = value { return String(try count()) }
    return try string()
  }
}
