import ExactText
import Transformers
import Language
import Measurement
import Results
import Scripting

/// Asks a model a task's questions.
struct MeasureJob {
  let model: LoadedModel
  let masking: PseudoLikelihood.Masking
  /// Whether the network is also asked as it is without the session's interventions.
  let comparesIntact: Bool
  let bench: Bench

  /// Rows whose questions, with what interventions put in place, are held at a time; fewer where a file gets them.
  private static let (part, filedPart) = (256, 16)

  /// - Parameters:
  ///   - span: of the task, for a warning.
  ///   - earlier: what the command has measured before.
  ///   - store: gets each row as it is finished; rows it has are not computed again.
  /// - Returns: nil for a share of the rows.
  func run(
    _ task: MeasuredTask, at span: Span, of command: String, after earlier: [TaskMeasurement] = [],
    _ store: RowStore<TaskMeasurement.Row>
  ) throws -> TaskMeasurement? {
    try bench.keepingPart(of: command) {
      try eachPart(of: task, store, progress: "\(command) \(task.task.name)") { part, questions, progress in
        for (number, row) in zip(part, try self.rows(of: questions, progress: progress)) {
          try store.add(number, row)
        }
      }
    } finished: {
      bench.tellKept(store)
      let rows = store.rows.compactMap(\.self)
      guard !store.isShare else { return nil }
      let all = earlier + (rows.isEmpty ? [] : [measurement(task, rows)])
      let extent = store.extent + (earlier.isEmpty ? "" : " of \(task.task.name)")
      return TaskMeasurements.value(all).map { ($0, extent) }
    }
    try store.finish()
    guard !store.isShare else { return nil }
    let whole = measurement(task, store.rows.compactMap(\.self))
    warn(of: whole, at: span)
    return whole
  }

  /// The same of all rows, in memory.
  func run(_ task: MeasuredTask, at span: Span, of command: String) throws -> TaskMeasurement {
    guard let whole = try run(task, at: span, of: command, RowStore(count: task.count)) else {
      preconditionFailure("all rows are no share")
    }
    return whole
  }

  /// Rows of a task, each with its outcome, for files.
  func form(_ kind: String, _ task: MeasuredTask) throws -> RowForm<TaskMeasurement.Row> {
    RowForm(
      kind: kind, header: try header(kind, task), order: task.shareOrder,
      record: { Record(row: $0, $1.record) },
      row: { record in
        guard let number = record.row(of: task.count), let row = TaskMeasurement.Row(saved: record) else {
          return nil
        }
        return (number, row)
      })
  }

  /// What makes the answers to a task other than others.
  func header(_ kind: String, _ task: MeasuredTask) throws -> Record {
    let header: Record = [
      kind: 1, "task": .string(task.task.name), "rows": Value(task.count),
      "task_hash": .string(try task.identity),
      "within": .string(masking == .token ? "token" : "l2r"), "intact": .bool(comparesIntact),
    ]
    return bench.identified(header, of: model)
  }

  /// Accuracy alone does not show that a row has no answer: what is no number is not above 0.
  func warn(of measurement: TaskMeasurement, at span: Span) {
    let count = measurement.unanswered
    guard count > 0, bench.session.dryRun == nil else { return }
    let rows = measurement.rows.count
    bench.session.warn(
      Diagnostic(
        .warning, code: "measure-not-finite",
        "\(measurement.taskName): the quantity of \(count) of \(rows) rows is not finite"
          + (measurement.hasAnswers ? ", so the accuracy says nothing about them" : ""),
        at: span, notes: ["`load` with `check` finds weights that are not finite"]))
  }

  func measurement(_ task: MeasuredTask, _ rows: [TaskMeasurement.Row]) -> TaskMeasurement {
    TaskMeasurement(
      taskName: task.task.name, kind: task.task.kind, modelName: model.name, rows: rows,
      skipped: task.skipped, interventions: interventions)
  }

  /// Calls `body` with the questions of one part of the rows that are to be computed after another.
  func eachPart<Row>(
    of task: MeasuredTask, _ store: RowStore<Row>, progress what: String,
    _ body: (_ rows: [Int], _ questions: TaskQuestions, _ progress: (Double) -> Void) throws -> Void
  ) throws {
    defer { bench.session.clearProgress() }
    let pending = store.pending
    let most = store.path == nil ? Self.part : Self.filedPart
    for start in stride(from: 0, to: pending.count, by: most) {
      bench.session.showProgress(what, done: Double(start), of: pending.count)
      let part = Array(pending[start..<min(start + most, pending.count)])
      try body(part, try questions(task.selecting(part), 0..<part.count)) { share in
        bench.session.showProgress(what, done: Double(start) + share * Double(part.count), of: pending.count)
      }
    }
  }

  /// What is done to the network when it is asked.
  var interventions: [String] {
    bench.state.interventions.descriptions(on: model)
  }

  var evaluator: Evaluator {
    get throws {
      Evaluator(
        model: try model.transformer, memoryBudget: bench.session.workingMemory,
        execution: bench.execution, check: bench.session.checkInterruption)
    }
  }

  /// The questions of some rows, under the session's interventions.
  func questions(_ task: MeasuredTask, _ rows: Range<Int>) throws -> TaskQuestions {
    let texts = task.texts(of: rows)
    return try TaskQuestions(
      task, rows: rows, masking: masking, model: model,
      interventions: try bench.interventions(for: texts, model))
  }

  private func rows(
    of questions: TaskQuestions, progress: (Double) -> Void
  ) throws -> [TaskMeasurement.Row] {
    guard comparesIntact else {
      let outcomes = questions.outcomes(try evaluator.outcomes(questions.probes, progress: progress))
      return zip(questions.rows, outcomes).map { row, outcome in
        TaskMeasurement.Row(
          caseName: row.caseName, questions: row.reading.questions.count, outcome: outcome, intact: nil)
      }
    }
    let answers = try evaluator.divergences(questions.probes, progress: progress)
    let changed = questions.outcomes(answers.map(\.changed))
    let intact = questions.outcomes(answers.map(\.intact))
    return questions.rows.indices.map { index in
      let range = questions.rows[index].reading.questions
      return TaskMeasurement.Row(
        caseName: questions.rows[index].caseName, questions: range.count, outcome: changed[index],
        intact: .init(
          outcome: intact[index], divergence: answers[range].reduce(0) { $0 + $1.kullbackLeibler }))
    }
  }
}
