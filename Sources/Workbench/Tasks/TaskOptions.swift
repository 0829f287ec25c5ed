import ExactText
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
  ///
  /// - Parameter baseline: where a path of inputs starts; nil where there is none.
  func prepared(
    _ task: MeasurementTask, _ arguments: Arguments, _ model: LoadedModel, baseline: BaselineText? = nil
  ) throws -> PreparedTask {
    let chosen = try TaskOptions.chosen(task, arguments)
    let prepared = try PreparedTask(
      chosen, model: model, strict: arguments.flag("strict"),
      needsCounterfactuals: baseline?.isCounterfactual ?? false || readsCounterfactuals(arguments, model),
      check: session.checkInterruption)
    warn(of: prepared.badRows, among: chosen.rows.count, in: task, at: arguments.span)
    tellOfPrefixes(chosen, model, at: arguments.span)
    try tellOfEntries(task, at: arguments.span)
    warnOfLength(prepared.rows.map(\.text), model, at: arguments.span)
    return prepared
  }

  /// The rows of a task to be scored, chosen by ``TaskOptions``; rows left out are a warning.
  func preparedSentences(_ task: MeasurementTask, _ arguments: Arguments, _ model: LoadedModel) throws
    -> PreparedSentences
  {
    let chosen = try TaskOptions.chosen(task, arguments)
    let prepared = try PreparedSentences(
      chosen, model: model, strict: arguments.flag("strict"),
      needsCounterfactuals: readsCounterfactuals(arguments, model), check: session.checkInterruption)
    warn(of: prepared.badRows, among: chosen.rows.count, in: task, at: arguments.span)
    warnOfLength(prepared.rows.flatMap(\.sentences), model, at: arguments.span)
    return prepared
  }

  /// Whether what the command or an intervention puts into the network is from each row's counterfactual.
  private func readsCounterfactuals(_ arguments: Arguments, _ model: LoadedModel) -> Bool {
    switch arguments.string("by") {
    case "counterfactual": true
    case "baseline" where state.baseline.isCounterfactual: true
    default: state.interventions.acting(on: model).contains { $0.source.readsCounterfactual }
    }
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

  /// Shows once in a session which entries of the current model the answers of a task are that are numbers of entries: those
  /// of another vocabulary are other words.
  func tellOfEntries(_ task: MeasurementTask, at span: Span) throws {
    guard let model, case .prefix(let text, let correct, let wrong, .ids)? = task.rows.first?.content,
      !state.toldOfEntries.contains(Name("\(model.name) \(task.source)"))
    else { return }
    state.toldOfEntries.insert(Name("\(model.name) \(task.source)"))
    func shown(_ number: String) -> String {
      Int(number).map { id in
        id < model.configuration.vocabulary ? quoted(model.tokenizer.text(of: id)) : "no entry of it"
      } ?? ""
    }
    session.warn(
      Diagnostic(
        .warning, code: "answers-are-ids",
        "\(task.name): for model \(model.name) the first row's right answer \(correct) is \(shown(correct)), the wrong one \(wrong) is \(shown(wrong))",
        at: span,
        notes: ["after \(quoted(text))", "if these are no answers, the numbers are of another vocabulary"]))
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
