import Language
import Measurement
import Results

struct MeasureCommand: BenchCommand {
  let name = "measure"
  let group = CommandGroup.measure
  let summary = "how well the model does on a task: accuracy and mean quantity of interest, by case"
  let discussion = """
    The quantity of a row of masked words is correct - wrong, and the row is right when it is above 0. Of labels it is
    the right label's logit less the mean of the others, and the row is right when the right label has the largest
    logit: of two labels that is the same as above 0, of more it is not. Of minimal pairs it is the difference of the
    sentences' scores, right above 0, of plain text there is only the score, as `score` explains. Intervals hold the
    true value in 95 % of samples: of the accuracy Wilson's, of the mean the normal one. Under interventions, `intact`
    measures the network without them too: kl_mean is KL(intact || changed) in nats over the words or labels at the
    target (of scored sentences its sum over their tokens), agreement the share of rows that are right in both or
    wrong in both.
    Several tasks give a table; its rows have the cases as well, m[0].cases.SP.accuracy.
    """
  let parameters: [Parameter] =
    [.rest("tasks", .task, "tasks, e.g. sva_obj", needsOne: true)] + TaskOptions.parameters
    + [.flag("intact", "also without the session's interventions"), ScoringOptions.within]
  let runsNetwork = true
  let example = #"""
    load "demo"
    measure sva_obj rows=20
    measure sva_obj sva_subj rows=8
    print measure(sva_obj, rows=20).cases.SP.accuracy
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let model = try bench.requireModel()
    let tasks = arguments.all("tasks")
    guard !tasks.isEmpty else { throw CallFault.missingArgument("tasks", synopsis: synopsis) }
    let job = MeasureJob(
      model: model, masking: ScoringOptions.masking(arguments), comparesIntact: arguments.flag("intact"),
      bench: bench)
    var measurements: [TaskMeasurement] = []
    for argument in tasks {
      let task = try bench.task(argument, for: "`measure`")
      try ScoringOptions.check(arguments, task)
      measurements += try bench.session.locating(argument.span) {
        let rows = try bench.measured(task, arguments, model)
        return [try job.run(rows, at: argument.span, of: name, after: measurements)]
      }
    }
    return TaskMeasurements.value(measurements) ?? .null
  }
}
