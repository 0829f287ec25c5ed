import Faults
import Language
import Measurement
import Results
import Scripting

/// Options that every verb which runs a task takes.
enum TaskOptions {
  static let parameters: [Parameter] = [
    .option("rows", .integer(minimum: 1), "only the first N rows of the task; default all"),
    .option("case", .name(.newName), "only the task's rows of this case, e.g. case=SP"),
    .flag("strict", "a row of the task that cannot be used is an error, not left out with a warning"),
  ]

  /// The rows of `task` that the options choose: of the case, then the first.
  static func chosen(_ task: MeasurementTask, _ arguments: Arguments) throws -> MeasurementTask {
    var task = task
    if let name = arguments.string("case") {
      do { task = try task.rows(ofCase: name) } catch let fault as any Fault {
        throw fault.located(arguments.span(of: "case"))
      }
    }
    return arguments.integer("rows").map(task.first) ?? task
  }
}

extension Bench {
  /// The rows of a task with right answers, chosen by ``TaskOptions``; rows left out are a warning.
  func prepared(_ task: MeasurementTask, _ arguments: Arguments, _ model: LoadedModel) throws -> PreparedTask
  {
    let chosen = try TaskOptions.chosen(task, arguments)
    let prepared = try PreparedTask(
      chosen, model: model, strict: arguments.flag("strict"), check: session.checkInterruption)
    warn(of: prepared.badRows, among: chosen.rows.count, in: task, at: arguments.span)
    tellOfPrefixes(chosen, model, at: arguments.span)
    warnOfLength(prepared.rows.map(\.text), model, at: arguments.span)
    return prepared
  }

  /// The rows of a task to be scored, chosen by ``TaskOptions``; rows left out are a warning.
  func preparedSentences(_ task: MeasurementTask, _ arguments: Arguments, _ model: LoadedModel) throws
    -> PreparedSentences
  {
    let chosen = try TaskOptions.chosen(task, arguments)
    let prepared = try PreparedSentences(
      chosen, model: model, strict: arguments.flag("strict"), check: session.checkInterruption)
    warn(of: prepared.badRows, among: chosen.rows.count, in: task, at: arguments.span)
    warnOfLength(prepared.rows.flatMap(\.sentences), model, at: arguments.span)
    return prepared
  }

  /// Says once in a session that a causal model does not read what stands behind a mask.
  private func tellOfPrefixes(_ task: MeasurementTask, _ model: LoadedModel, at span: Span) {
    guard model.isCausal, task.kind == .masked, !state.toldOfPrefixes,
      task.rows.contains(where: { !MaskedSentence($0.example).isPrefix })
    else { return }
    state.toldOfPrefixes = true
    session.warn(
      Diagnostic(
        .warning, code: "mask-as-end",
        "model \(model.name) predicts what follows: of the sentences of \(task.name) it reads what stands before [MASK]",
        at: span))
  }

  /// Says how many rows are left out and why the first ones are.
  func warn(of badRows: [BadRow], among count: Int, in task: MeasurementTask, at span: Span) {
    guard !badRows.isEmpty else { return }
    session.warn(
      Diagnostic(
        .warning, code: "task-rows", "\(task.source): \(badRows.count) of \(count) rows are left out",
        at: span, notes: badRows.summary()))
  }
}
