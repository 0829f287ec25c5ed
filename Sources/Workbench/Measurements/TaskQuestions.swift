import Transformers
import Language
import Measurement
import Tokenization

/// Rows of a task as questions to a model: one a row where a right answer is read, one a token where sentences are scored.
struct TaskQuestions {
  /// What becomes of the answers of a row.
  enum Reading {
    case answer(Int)
    /// The score of the first less that of the second; right when above 0, so that a tie is wrong.
    case pair(good: Range<Int>, bad: Range<Int>)
    /// The score.
    case text(Range<Int>)

    /// The questions about each sentence that is scored.
    var sentences: [Range<Int>] {
      switch self {
      case .answer: []
      case .pair(let good, let bad): [good, bad]
      case .text(let range): [range]
      }
    }

    /// Indices of the row's questions.
    var questions: Range<Int> {
      switch self {
      case .answer(let index): index..<index + 1
      case .pair(let good, let bad): good.lowerBound..<bad.upperBound
      case .text(let range): range
      }
    }
  }

  private(set) var probes: [Probe] = []
  /// For each probe, which of the rows' texts it asks about.
  private(set) var texts: [Int] = []
  private(set) var rows: [(caseName: String, reading: Reading)] = []

  /// - Parameters:
  ///   - rows: which of the task's.
  ///   - interventions: of each text of these rows, in order.
  init(
    _ task: MeasuredTask, rows: Range<Int>, masking: PseudoLikelihood.Masking, model: LoadedModel,
    interventions: [Interventions]
  ) throws {
    var interventions = interventions[...]
    switch task {
    case .answers(let prepared):
      for row in prepared.rows[rows] {
        self.rows.append((row.caseName, .answer(probes.count)))
        add([
          Probe(
            ids: row.ids, types: row.types, target: row.target, quantity: row.quantity,
            criteria: row.criteria,
            interventions: interventions.removeFirst())
        ])
      }
    case .sentences(let prepared):
      for row in prepared.rows[rows] {
        var ranges = try row.sentences.map { text in
          add(
            try model.probes(scoring: text, masking: masking, interventions: interventions.removeFirst()))
        }
        // Rounding, which differs from one place in a batch to another, must not choose between equals.
        if Set(row.sentences.map(\.encoding.ids)).count == 1 { ranges = ranges.map { _ in ranges[0] } }
        self.rows.append(
          (row.caseName, ranges.count == 2 ? .pair(good: ranges[0], bad: ranges[1]) : .text(ranges[0])))
      }
    }
  }

  /// Adds the probes about the next text.
  @discardableResult
  private mutating func add(_ probes: [Probe]) -> Range<Int> {
    let first = self.probes.count
    texts += Array(repeating: (texts.last ?? -1) + 1, count: probes.count)
    self.probes += probes
    return first..<self.probes.count
  }

  /// The outcome of each row, given those of the probes.
  func outcomes(_ answers: [Outcome]) -> [Outcome] { rows.map { $0.reading.outcome(answers) } }
}

extension TaskQuestions.Reading {
  fileprivate func outcome(_ answers: [Outcome]) -> Outcome {
    func score(_ range: Range<Int>) -> Double { answers[range].reduce(0) { $0 + $1.value } }
    switch self {
    case .answer(let index): return answers[index]
    case .pair(let good, let bad):
      let difference = score(good) - score(bad)
      return Outcome(value: difference, isCorrect: difference > 0)
    case .text(let range): return Outcome(value: score(range), isCorrect: false)
    }
  }
}

extension EncodedText {
  /// The word of each token that is scored: not of the tokens around the texts, nor of those written as such
  /// (a [MASK] in the text stays one). [UNK] is a token like others.
  func scoredWords(_ tokenizer: Tokenizer) -> [Int?] {
    let unscored = Set([SpecialRole.mask, .cls, .sep, .pad].compactMap(tokenizer.id).map(Int32.init))
    return zip(encoding.ids, encoding.words).map { id, word in unscored.contains(id) ? nil : word }
  }
}

extension LoadedModel {
  /// A probe for each token of `text` that is scored.
  func probes(
    scoring text: EncodedText, masking: PseudoLikelihood.Masking, interventions: Interventions
  ) throws -> [Probe] {
    if isCausal {
      return NextTokenLikelihood.probes(
        ids: text.encoding.ids, types: text.encoding.types, words: text.scoredWords(tokenizer),
        interventions: interventions)
    }
    return PseudoLikelihood.probes(
      ids: text.encoding.ids, types: text.encoding.types, words: text.scoredWords(tokenizer),
      maskToken: Int32(try tokenizer.requiredID(.mask)), masking: masking, interventions: interventions)
  }
}
