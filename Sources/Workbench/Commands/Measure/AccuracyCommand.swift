import Language
import Measurement
import Results

struct AccuracyCommand: BenchCommand {
  let name = "accuracy"
  let group = CommandGroup.measure
  let summary = "the share of a task's rows that the model gets right, as a number"
  let parameters: [Parameter] =
    [.required("task", .task, "a task with right answers")] + TaskOptions.parameters + [ScoringOptions.within]
  let runsNetwork = true
  let example = #"""
    load "demo"
    print 1 - accuracy(sva_obj, rows=20)
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    guard let argument = arguments["task"] else { return .null }
    let model = try bench.requireModel()
    let task = try bench.task(argument, for: "`accuracy`")
    try ScoringOptions.check(arguments, task)
    guard task.kind != .text else {
      throw TaskUseFault.noAnswers(task: task.name, kind: task.kind).located(argument.span)
    }
    let job = MeasureJob(
      model: model, masking: ScoringOptions.masking(arguments), comparesIntact: false,
      bench: bench)
    return try bench.session.locating(argument.span) {
      .number(
        try job.run(try bench.measured(task, arguments, model), at: argument.span, of: name).all
          .accuracy)
    }
  }
}
