import Transformers
import Language
import Measurement
import Scripting

/// Asks a model a task's questions.
struct MeasureJob {
  let model: LoadedModel
  let masking: PseudoLikelihood.Masking
  /// Whether the network is also asked as it is without the session's interventions.
  let comparesIntact: Bool
  let bench: Bench

  /// Rows whose questions, with what interventions put in place, are held at a time.
  private static let part = 256

  /// - Parameters:
  ///   - span: of the task, for a warning.
  ///   - earlier: what the command has measured before.
  func run(
    _ task: MeasuredTask, at span: Span, of command: String, after earlier: [TaskMeasurement] = []
  ) throws -> TaskMeasurement {
    var rows: [TaskMeasurement.Row] = []
    try bench.keepingPart(of: command) {
      try eachPart(of: task, progress: "\(command) \(task.task.name)") { _, questions, progress in
        rows += try self.rows(of: questions, progress: progress)
      }
    } finished: {
      let all = earlier + (rows.isEmpty ? [] : [measurement(task, rows)])
      let extent = "\(rows.count) of \(task.count) rows" + (earlier.isEmpty ? "" : " of \(task.task.name)")
      return TaskMeasurements.value(all).map { ($0, extent) }
    }
    let whole = measurement(task, rows)
    warn(of: whole, at: span)
    return whole
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

  /// Calls `body` with the questions of one part of the rows after another.
  func eachPart(
    of task: MeasuredTask, progress what: String,
    _ body: (_ rows: Range<Int>, _ questions: TaskQuestions, _ progress: (Double) -> Void) throws -> Void
  ) throws {
    defer { bench.session.clearProgress() }
    for start in stride(from: 0, to: task.count, by: Self.part) {
      let range = start..<min(start + Self.part, task.count)
      try body(range, try questions(task, range)) { share in
        let done = Double(start) + share * Double(range.count)
        bench.session.showProgress(what, done: Int(done), of: task.count)
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
