import Language
import RealModule
import Measurement
import Results
import Scripting

/// exp of the mean negative log-probability.
func perplexity(_ score: Double, _ tokens: Int) -> Double { Double.exp(-score / Double(tokens)) }

/// The log-likelihoods of a task's sentences; of masked models pseudo-log-likelihoods.
struct SentenceScores: InterventionResult {
  struct Row: Sendable {
    struct Sentence: Sendable {
      let text: String
      let score: Double
      /// Tokens that are scored.
      let tokens: Int
    }

    let caseName: String
    /// In the task's file, from 1.
    let line: Int
    /// The good one and the bad one, or one alone.
    let sentences: [Sentence]
  }

  let measurement: TaskMeasurement
  let rows: [Row]
  /// Whether each token is given those before it, so that a sentence has a perplexity.
  let isCausal: Bool

  var typeName: String { "scores" }
  var summary: String { measurement.summary }
  var interventions: [String] { measurement.interventions }

  var table: Table? {
    Table(
      columns: isPairs
        ? ["line", "case", "good", "bad", "score_good", "score_bad", "difference", "correct"]
        : ["line", "sentence", "tokens", "score", "score_per_token"] + (isCausal ? ["perplexity"] : []),
      rows: rows.map(isPairs ? cells(ofPair:) : cells(ofText:)))
  }

  var fields: Record {
    var fields = measurement.fields
    fields[isPairs ? "pairs" : "sentences"] = .list(
      table.map { table in table.rows.map { .record(table.record(of: $0)) } } ?? [])
    return fields
  }

  var display: Value { .list([measurement.display, table.map(Value.table) ?? .null]) }

  private var isPairs: Bool { measurement.kind == .pairs }

  private func cells(ofPair row: Row) -> [Value] {
    let (good, bad) = (row.sentences[0], row.sentences[1])
    return [
      Value(row.line), .string(row.caseName), .string(good.text), .string(bad.text), .number(good.score),
      .number(bad.score), .number(good.score - bad.score), .bool(good.score > bad.score),
    ]
  }

  private func cells(ofText row: Row) -> [Value] {
    let sentence = row.sentences[0]
    return [
      Value(row.line), .string(sentence.text), Value(sentence.tokens), .number(sentence.score),
      sentence.tokens > 0 ? .number(sentence.score / Double(sentence.tokens)) : .null,
    ]
      + (isCausal
        ? [sentence.tokens > 0 ? .number(perplexity(sentence.score, sentence.tokens)) : .null] : [])
  }
}

extension MeasureJob {
  /// A row with what is measured of it.
  struct Scored: Sendable {
    let scores: SentenceScores.Row
    let measured: TaskMeasurement.Row
  }

  /// The scores of all sentences of a task, and what they say about it; nil for a share of the rows.
  ///
  /// - Parameters:
  ///   - span: of the command, for a warning.
  ///   - store: gets each row as it is finished; rows it has are not computed again.
  func scores(
    _ task: PreparedSentences, at span: Span, _ store: RowStore<Scored>
  ) throws -> SentenceScores? {
    func scores() -> SentenceScores {
      let rows = store.rows.compactMap(\.self)
      return SentenceScores(
        measurement: measurement(.sentences(task), rows.map(\.measured)), rows: rows.map(\.scores),
        isCausal: model.isCausal)
    }
    try bench.keepingPart(of: "score") {
      try eachPart(of: .sentences(task), store, progress: "score") { part, questions, progress in
        let answers = try evaluator.outcomes(questions.probes, progress: progress)
        let outcomes = questions.outcomes(answers)
        for (index, number) in part.enumerated() {
          let (row, reading) = (task.rows[number], questions.rows[index].reading)
          let sentences = zip(row.sentences, reading.sentences).map { text, range in
            SentenceScores.Row.Sentence(
              text: text.source.text, score: answers[range].reduce(0) { $0 + $1.value }, tokens: range.count)
          }
          try store.add(
            number,
            Scored(
              scores: .init(caseName: row.caseName, line: row.line, sentences: sentences),
              measured: .init(
                caseName: row.caseName, questions: reading.questions.count, outcome: outcomes[index],
                intact: nil)))
        }
      }
    } finished: {
      bench.tellKept(store)
      return store.finished.isEmpty || store.isShare ? nil : (.object(scores()), store.extent)
    }
    try store.finish()
    guard !store.isShare else { return nil }
    let result = scores()
    warn(of: result.measurement, at: span)
    return result
  }

  /// Rows of sentences, each with its scores, for files.
  func scoreForm(_ task: PreparedSentences) throws -> RowForm<Scored> {
    let whole = MeasuredTask.sentences(task)
    return RowForm(
      kind: "score", header: try header("score", whole), order: whole.shareOrder,
      record: { number, row in
        var record = row.measured.record
        record["scores"] = .list(row.scores.sentences.map { .number($0.score) })
        record["tokens"] = .list(row.scores.sentences.map { Value($0.tokens) })
        return Record(row: number, record)
      },
      row: { record in
        guard let number = record.row(of: task.rows.count), let measured = TaskMeasurement.Row(saved: record),
          let scores = record.savedList("scores"), let tokens = record.savedList("tokens")?.map(Int.init),
          scores.count == task.rows[number].sentences.count, tokens.count == scores.count
        else { return nil }
        let row = task.rows[number]
        let sentences = row.sentences.indices.map {
          SentenceScores.Row.Sentence(
            text: row.sentences[$0].source.text, score: scores[$0], tokens: tokens[$0])
        }
        return (
          number,
          Scored(
            scores: .init(caseName: row.caseName, line: row.line, sentences: sentences), measured: measured)
        )
      })
  }
}
