import ExactText

/// A data set to measure a model on: rows of one kind, in the order of their file.
public struct MeasurementTask: Sendable {
  /// What the rows of a task are, by the name that `format=` takes.
  public enum Kind: String, Sendable, CaseIterable {
    /// A sentence with a hidden word, the word that belongs there and one that does not.
    case masked
    /// A text and what follows it, right and wrong, exactly as written: a causal model reads them.
    case prefixes
    /// A text that two digits follow, right when they exceed those of the row (Hanna et al. 2305.00586).
    case greaterThan = "greater_than"
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
      case prefix(text: String, correct: String, wrong: String, answers: Answers)
      /// The digits that follow are right when they are a larger number than `year`, two digits.
      case greaterThan(text: String, year: String)
      /// `id` tells the pairs of a paradigm apart; empty when the file names none.
      case pair(good: String, bad: String, id: String)
      /// The label is an index or a name of a class, as written; only a model tells what it means.
      case labelled(sentence: String, label: String)
      case text(String)
    }

    private enum Form: UInt8, Sendable { case masked, pair, labelled, text, words, ids, greaterThan }

    /// In the file, from 1; of a JSON list the element.
    public var line: Int { Int(number) }
    private let number: UInt32
    private let form: Form
    /// The case, then what the content consists of.
    var text: RowText

    /// What the row is an instance of: the numbers of subject and attractor ("SP"), the paradigm of a minimal pair,
    /// the label; empty for plain text.
    public var caseName: String { text[0] }

    /// What else could stand there, in the same tokens but for what matters; nil where the row has none.
    public var counterfactual: String? { hasCounterfactual ? text[RowText.mostColumns - 1] : nil }
    private let hasCounterfactual: Bool

    public var content: Content {
      switch form {
      case .masked: .masked(sentence: text[1], correct: text[2], wrong: text[3])
      case .pair: .pair(good: text[1], bad: text[2], id: text[3])
      case .labelled: .labelled(sentence: text[1], label: text[2])
      case .text: .text(text[1])
      case .words: .prefix(text: text[1], correct: text[2], wrong: text[3], answers: .words)
      case .ids: .prefix(text: text[1], correct: text[2], wrong: text[3], answers: .ids)
      case .greaterThan: .greaterThan(text: text[1], year: text[2])
      }
    }

    public init(line: Int, caseName: String, content: Content, counterfactual: String? = nil) {
      number = UInt32(clamping: line)
      let columns: [String]
      (form, columns) =
        switch content {
        case .masked(let sentence, let correct, let wrong): (.masked, [sentence, correct, wrong])
        case .pair(let good, let bad, let id): (.pair, [good, bad, id])
        case .labelled(let sentence, let label): (.labelled, [sentence, label])
        case .text(let sentence): (.text, [sentence])
        case .prefix(let text, let correct, let wrong, let answers):
          (answers == .words ? .words : .ids, [text, correct, wrong])
        case .greaterThan(let text, let year): (.greaterThan, [text, year])
        }
      let empty = Array(repeating: "", count: 3 - columns.count)
      text = RowText([caseName] + columns + empty + [counterfactual ?? ""])
      hasCounterfactual = counterfactual != nil
    }

    public static func == (a: Row, b: Row) -> Bool {
      a.line == b.line && a.caseName == b.caseName && a.content == b.content
        && a.counterfactual == b.counterfactual
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

  /// Whether a row whose counterfactual does not fit a model, in number of tokens, stays, without it. Otherwise it is a
  /// row that cannot be used.
  public var keepsRowsWithoutFit = false

  /// What the answers of a prefix are.
  public enum Answers: String, Sendable, CaseIterable {
    /// As written, blanks and all.
    case words
    /// Numbers of entries of one vocabulary.
    case ids
  }

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
    var task = MeasurementTask(
      name: name ?? self.name, source: source, kind: kind, rows: rows, badRows: badRows, unit: unit,
      labels: labels, labelMeaning: labelMeaning)
    task.keepsRowsWithoutFit = keepsRowsWithoutFit
    return task
  }
}

extension MeasurementTask.Row {
  /// All sentences of the row.
  public var sentences: [String] {
    switch content {
    case .masked(let sentence, _, _), .labelled(let sentence, _), .text(let sentence): [sentence]
    case .pair(let good, let bad, _): [good, bad]
    case .prefix(let text, _, _, _), .greaterThan(let text, _): [text]
    }
  }
}
