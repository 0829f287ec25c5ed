import ExactText

/// A data set to measure a model on: rows of one kind, in the order of their file.
public struct MeasurementTask: Sendable {
  /// What the rows of a task are, by the name that `format=` takes.
  public enum Kind: String, Sendable, CaseIterable {
    /// A sentence with a hidden word, the word that belongs there and one that does not.
    case masked
    /// An acceptable sentence and one that is not, alike but for what is tested.
    case pairs
    /// A sentence with its class.
    case labels
    /// A sentence alone.
    case text
  }

  public struct Row: Sendable, Equatable {
    public enum Content: Sendable, Equatable {
      /// The sentence contains one [MASK].
      case masked(sentence: String, correct: String, wrong: String)
      /// `id` tells the pairs of a paradigm apart; empty when the file names none.
      case pair(good: String, bad: String, id: String)
      /// The label is an index or a name of a class, as written; only a model tells what it means.
      case labelled(sentence: String, label: String)
      case text(String)
    }

    private enum Form: UInt8, Sendable { case masked, pair, labelled, text }

    /// In the file, from 1; of a JSON list the element.
    public var line: Int { Int(number) }
    private let number: UInt32
    private let form: Form
    /// The case, then what the content consists of.
    var text: RowText

    /// What the row is an instance of: the numbers of subject and attractor ("SP"), the paradigm of a minimal pair,
    /// the label; empty for plain text.
    public var caseName: String { text[0] }

    public var content: Content {
      switch form {
      case .masked: .masked(sentence: text[1], correct: text[2], wrong: text[3])
      case .pair: .pair(good: text[1], bad: text[2], id: text[3])
      case .labelled: .labelled(sentence: text[1], label: text[2])
      case .text: .text(text[1])
      }
    }

    public init(line: Int, caseName: String, content: Content) {
      number = UInt32(clamping: line)
      (form, text) =
        switch content {
        case .masked(let sentence, let correct, let wrong):
          (.masked, RowText([caseName, sentence, correct, wrong]))
        case .pair(let good, let bad, let id): (.pair, RowText([caseName, good, bad, id]))
        case .labelled(let sentence, let label): (.labelled, RowText([caseName, sentence, label]))
        case .text(let sentence): (.text, RowText([caseName, sentence]))
        }
    }

    public static func == (a: Row, b: Row) -> Bool {
      a.line == b.line && a.caseName == b.caseName && a.content == b.content
    }
  }

  public let name: String
  /// The file's path, or the name of a built-in task: what messages put before a line's number.
  public let source: String
  public let kind: Kind
  public let rows: [Row]
  /// Lines of the file that are no rows.
  public let badRows: [BadRow]
  public let unit: RowUnit
  /// All labels of the file, also of rows that were not chosen: they tell together whether they are names or numbers.
  public let labels: NameList
  /// What the labels are, where that was said.
  public var labelMeaning: LabelMeaning?

  /// How the labels of a task name a model's classes.
  public enum LabelMeaning: String, Sendable, CaseIterable {
    case name, number
  }

  /// - Parameter labels: those of `rows` when nil.
  public init(
    name: String, source: String, kind: Kind, rows: [Row], badRows: [BadRow] = [], unit: RowUnit = .line,
    labels: NameList? = nil, labelMeaning: LabelMeaning? = nil
  ) {
    self.unit = unit
    self.labels = labels ?? (kind == .labels ? Self.cases(of: rows) : [])
    self.labelMeaning = labelMeaning
    self.name = name
    self.source = source
    self.kind = kind
    self.rows = rows
    self.badRows = badRows
  }
}

extension MeasurementTask {
  /// The different cases, sorted; none for plain text.
  public var cases: [String] { Self.cases(of: rows).filter { !$0.isEmpty }.sorted() }

  private static func cases(of rows: [Row]) -> NameList { NameList(rows.lazy.map(\.caseName)) }

  /// The first `count` rows, or as many as there are.
  public func first(_ count: Int) -> MeasurementTask { with(Array(rows.prefix(count))) }

  /// The rows of one case.
  ///
  /// - Throws: ``TaskFault/unknownCase(_:task:cases:)`` when there is none.
  public func rows(ofCase name: String) throws -> MeasurementTask {
    let chosen = rows.filter { $0.caseName == name }
    guard !chosen.isEmpty else { throw TaskFault.unknownCase(name, task: self.name, cases: cases) }
    return with(chosen)
  }

  /// The same rows under another name.
  public func renamed(_ name: String) -> MeasurementTask {
    with(rows, name: name)
  }

  private func with(_ rows: [Row], name: String? = nil) -> MeasurementTask {
    MeasurementTask(
      name: name ?? self.name, source: source, kind: kind, rows: rows, badRows: badRows, unit: unit,
      labels: labels, labelMeaning: labelMeaning)
  }
}

extension MeasurementTask.Row {
  /// All sentences of the row.
  public var sentences: [String] {
    switch content {
    case .masked(let sentence, _, _), .labelled(let sentence, _), .text(let sentence): [sentence]
    case .pair(let good, let bad, _): [good, bad]
    }
  }
}
