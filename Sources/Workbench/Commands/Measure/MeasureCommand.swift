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
    file=PATH gets each row as soon as it is finished. Several tasks give a table; its rows have the cases as well, m[0].cases.SP.accuracy.
    """
  let parameters: [Parameter] =
    [.rest("tasks", .task, "tasks, e.g. sva_obj", needsOne: true)] + TaskOptions.parameters
    + [.flag("intact", "also without the session's interventions"), ScoringOptions.within]
    + RowOptions.parameters
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
    try RowOptions.check(arguments, self)
    if tasks.count > 1 { try arguments.refuse("file", because: "a file holds the rows of one task") }
    let job = MeasureJob(
      model: model, masking: ScoringOptions.masking(arguments), comparesIntact: arguments.flag("intact"),
      bench: bench)
    var measurements: [TaskMeasurement] = []
    for argument in tasks {
      let task = try bench.task(argument, for: "`measure`")
      try ScoringOptions.check(arguments, task)
      let rows = try bench.session.locating(argument.span) { try bench.measured(task, arguments, model) }
      let store = try bench.store(job.form("measure", rows), arguments)
      let found = try bench.session.locating(argument.span) {
        try job.run(rows, at: argument.span, of: name, after: measurements, store)
      }
      guard let found else { return bench.shareValue(arguments) }
      measurements.append(found)
    }
    return TaskMeasurements.value(measurements) ?? .null
  }
}
