/// Sentences with a hidden word, and for each the word that belongs there and one that does not.
public struct MaskedTask: Sendable {
  public struct Row: Sendable, Equatable {
    /// E.g. the numbers of subject and attractor: "SP".
    public let caseName: String
    /// Contains one [MASK].
    public let sentence: String
    public let correct: String
    public let wrong: String

    public init(caseName: String, sentence: String, correct: String, wrong: String) {
      self.caseName = caseName
      self.sentence = sentence
      self.correct = correct
      self.wrong = wrong
    }
  }

  public let name: String
  public let rows: [Row]

  public init(name: String, rows: [Row]) {
    self.name = name
    self.rows = rows
  }
}

extension MaskedTask {
  /// Reads `task<TAB>case<TAB>sentence with [MASK]<TAB>correct<TAB>wrong`, a row a line; blank lines are passed over.
  ///
  /// - Throws: ``TaskFault`` with the line of the first row that does not fit.
  public init(name: String, tsv text: String, path: String) throws {
    var rows: [Row] = []
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (index, line) in lines.enumerated() {
      if line.isEmpty { continue }
      rows.append(try Row(line, place: TaskFault.Place(path: path, line: index + 1)))
    }
    guard !rows.isEmpty else { throw TaskFault.empty(path: path) }
    self.init(name: name, rows: rows)
  }
}

extension MaskedTask.Row {
  fileprivate init(_ line: Substring, place: TaskFault.Place) throws {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 5 else { throw TaskFault.fieldCount(place, found: fields.count) }
    let masks = fields[2].split(separator: "[MASK]", omittingEmptySubsequences: false).count - 1
    guard masks == 1 else { throw TaskFault.maskCount(place, found: masks) }
    self.init(caseName: fields[1], sentence: fields[2], correct: fields[3], wrong: fields[4])
  }
}
