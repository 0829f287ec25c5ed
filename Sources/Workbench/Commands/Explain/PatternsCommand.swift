import Attribution
import ExactText
import Language
import Results

struct PatternsCommand: BenchCommand {
  let name = "patterns"
  let group = CommandGroup.explain
  let summary =
    "the path that carries each word's influence: through which tokens, heads and skip connections"
  let discussion = """
    Guided pattern refinement (Lu et al., NeurIPS 2021): layer by layer the hidden state through which most of the
    word's influence flows, then, along these, the head or the skip connection. All words in about five forward
    passes, exactly. For a task (a built-in one or one read with `task`) every row has its own quantity, see `help tasks`.
    A path shows a position for each layer, between them the head (H5) or the skip connection; skip*3 are three in a row,
    2 skip*3 2 H7 7 stays at position 2 for three layers and goes to 7 by head 7. level=feedforward (not in the paper) then
    chooses in each layer between the feed-forward branch and the skip connection beside it: H7+mlp and skip+mlp go on
    through the branch, H7 and skip past it. In parallel blocks a head leads past both, null in the value. `sentence` counts from 0, as p.sentences.
    file=PATH gets each row of a task as soon as it is finished; with `resume` the rows that are in it are not computed again.
    The value has the fields of the JSON format: p.words[3].attention.nodes, p.words[3].feedforward.nodes, p.influence.
    """
  let parameters: [Parameter] =
    [
      .optional("text", .textOrTask, "a text or a task; default the current text"),
      .option("pair", .text, "the second text of a pair"),
      .option(
        "level", .word(PatternLevel.allCases.map(\.rawValue)),
        "how far paths are refined: hidden states; heads too (default); feed-forward branches too"),
      .option("words", .any, "positions of the words; default all"),
      .option("beam", .integer(minimum: 1, maximum: 1000), "width of a beam search over patterns; default 1"),
      .option(
        "keep", .countOrWord(["special"]),
        "N nodes kept in each layer (more than 1: no attention level); or special, as for influence"),
    ] + TaskOptions.parameters + PathOptions.parameters.filter { $0.name != "keep" } + RowOptions.parameters
  let runsNetwork = true
  let example = #"""
    load "demo"
    text "the author that the guards like [MASK] young ."
    qoi is - are
    patterns points=10
    let p = patterns(sva_obj, rows=4, points=10)
    print p.sentences[0].words[1].attention.nodes
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let model = try bench.requireModel()
    try PathOptions.checkQuadrature(arguments)
    var options = PathOptions.options(arguments, bench)
    options.level = arguments.string("level").flatMap { PatternLevel(named: $0) } ?? .attention
    options.kept = arguments.integer("keep") ?? 1
    if options.kept > 1, arguments.string("level") != nil, options.level > .embedding {
      try arguments.refuse(
        "level", because: "heads are searched along one path, and keep=\(options.kept) has several")
    }
    options.beam = arguments.integer("beam") ?? 1
    options.words = try words(arguments, bench)
    let baseline = PathOptions.baseline(arguments, bench)
    let job = PatternJob(
      model: model, attributor: Attributor(model: try model.transformer, execution: bench.execution),
      baseline: baseline, options: options, bench: bench)
    if case .object(let object)? = arguments["text"]?.value, let task = object as? TaskValue {
      try arguments.refuse("pair", because: "a task's rows are single sentences")
      try RowOptions.check(arguments, self)
      let prepared = try bench.prepared(task.task, arguments, model, baseline: baseline)
      let store = try bench.store(job.form(prepared), arguments)
      return try job.run(prepared, store).map { .object($0) } ?? bench.shareValue(arguments)
    }
    try arguments.refuse(
      (TaskOptions.parameters + RowOptions.parameters).map(\.name), because: "only a task has rows")
    let text = try sentence(arguments, model, bench)
    return .object(try job.run(text, bench.requireQuantity()))
  }

  private func sentence(_ arguments: Arguments, _ model: LoadedModel, _ bench: Bench) throws
    -> EncodedText
  {
    if let argument = arguments["text"] {
      guard case .string = argument.value else {
        throw ValueFault.wrongType(
          expected: "a text or a task", found: argument.value.typeName, what: "`patterns`"
        )
        .located(argument.span)
      }
    }
    return try bench.text(arguments, model)
  }

  private func words(_ arguments: Arguments, _ bench: Bench) throws -> [Int]? {
    try arguments["words"].map {
      try bench.positions($0, most: bench.requireModel().configuration.maxPositions)
    }
  }
}
