import Attribution
import ExactText
import Language
import Rendering
import Results

struct PlotCommand: BenchCommand {
  let name = "plot"
  let group = CommandGroup.explain
  let summary =
    "draw influence patterns, a chart of a table's columns, or coloured words, on the terminal or as SVG or HTML"
  let discussion = """
    Patterns: words down the left with their influences, a column of nodes for each layer, edges coloured by sign: dashed
    for a skip connection, solid with its number for a head. For many sentences of one structure the width of an edge is how
    often the patterns take it; sentences of several lengths or targets are drawn in groups, one sentence by itself as
    `plot p.sentences[0]`. Words are left out with less than `hide` of the total influence, both on the input and through their
    patterns. In an .html file you point at a word and see its pattern alone; `heatmap L*.pattern "heads.html" patterns=p` shows
    the attention of all heads beside it.

    A table, or a result that has one (a sweep, scores, an experiment, influence): column y against column x, a series for
    each value of column by, at most ten. x left out is the first column of texts, else the first column; y the only other
    column of numbers; of a sweep delta_qoi, of a measurement accuracy by case. Without kind, texts on the x axis give bars,
    numbers that grow from row to row a line through at most 200 points, others a scatter plot. A line joins the points in
    the order of the rows. label names a column with names of points, which are written where there is room. A list of
    numbers is drawn against its indices. With xscale=log or yscale=log equal factors are equally far apart, as for steps of a training
    1, 2, 4, ..., 1000, 2000; 0 is set apart at the end, and points below it are left out. Numbers that are not finite are left out, and counted.
    kind=words colours the names on the x axis by y, in their order: `plot influence() kind=words` a sentence by its influences.
    Of more than two hundred names, as of neurons, it is drawn how many have which value, and the strongest by name.

    A comparison of scores with a sweep: the scores over the effects, with the line on which they are equal and the names of
    the points farthest from it. The figure of an experiment, and any other drawing, as it is.
    """
  let parameters: [Parameter] = [
    .required("of", .any, "patterns, a table, a result that has one, or a list of numbers"),
    .optional("file", .path, "an .svg or .html file; left out: the drawing is the result"),
    .option("x", .name(.newName), "the column along the x axis"),
    .option("y", .name(.newName), "the column along the y axis, of numbers"),
    .option("by", .name(.newName), "the column whose values are series"),
    .option("label", .name(.newName), "the column with names of points"),
    .option(
      "kind", .word(Chart.Kind.allCases.map(\.rawValue) + [TableChart.words]),
      "line, bar or scatter; words: the names on the x axis, coloured by y"),
    .option("xscale", .word(["linear", "log"]), "how numbers lie on the x axis"),
    .option("yscale", .word(["linear", "log"]), "how numbers lie on the y axis"),
    .option("title", .text, "what stands above; default the names of the columns"),
    .option(
      "hide", .number,
      "of patterns: share of the total influence, on the input and of the patterns, below which a word is left out; default 0.05"
    ),
  ]
  let example = #"""
    load "demo"
    text "the author that the guards like [MASK] young ."
    qoi is - are
    let p = patterns(points=10)
    plot p
    plot p "patterns.svg"
    plot influence(points=10)
    plot influence(points=10) kind=words
    let t = table([
      {heads: 0, accuracy: 1, case: "SS"}, {heads: 4, accuracy: 0.75, case: "SS"}, {heads: 0, accuracy: 0.5, case: "SP"},
    ])
    plot t x=heads y=accuracy by=case
    """#

  private static let tableOptions = ["x", "y", "by", "label", "kind", "xscale", "yscale"]

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    guard let argument = arguments["of"] else { return .null }
    let figure = Value.figure(try figure(of: argument, arguments, bench))
    guard let path = arguments.string("file") else { return figure }
    try FileFormats.save(figure, name: name, to: path)
    bench.session.note("saved \(path)")
    return .null
  }

  private func figure(
    of argument: Arguments.Bound, _ arguments: Arguments, _ bench: Bench
  ) throws -> Figure {
    if case .object(let object) = argument.value {
      if let set = object as? PatternSet { return try patterns(set, arguments, bench) }
      if let result = object as? any InterventionResult {
        result.interventions.forEach(bench.session.noteUse)
      }
    }
    try arguments.refuse("hide", because: "only patterns have words to hide")
    let namesColumns = Self.tableOptions.contains { arguments[$0] != nil }
    if !namesColumns, let figure = try ownFigure(argument.value, arguments) { return figure }
    if case .figure = argument.value {
      try arguments.refuse(Self.tableOptions, because: "a drawing has no columns")
    }
    guard let table = try argument.value.chartTable else {
      let fault = ValueFault.wrongType(
        expected: "patterns, a table or a result with one", found: argument.value.typeName, what: "`plot`"
      ).located(argument.span)
      guard argument.value.isMatrixOrNodes else { throw fault }
      throw fault.noting("`heatmap \(argument.span.text)` draws attention and matrices")
    }
    return try drawing(of: table, argument.value, arguments, bench)
  }

  private func patterns(_ set: PatternSet, _ arguments: Arguments, _ bench: Bench) throws -> Figure {
    try arguments.refuse(Self.tableOptions + ["title"], because: "patterns are drawn by word and layer")
    set.interventions.forEach(bench.session.noteUse)
    let threshold = arguments.number("hide") ?? PatternDrawing.standardThreshold
    let groups = set.byStructure
    let plots = try groups.prefix(PatternSet.mostStructures).map {
      try PatternDrawing($0, threshold: threshold).plot
    }
    if groups.count > plots.count {
      let left = groups.dropFirst(plots.count)
      bench.session.note(
        "not drawn: \(left.reduce(0) { $0 + $1.sentences.count }) sentences of \(left.count) other lengths or targets; `plot p.sentences[0]` draws one sentence"
      )
    }
    return plots.count == 1 ? .patterns(plots[0]) : .several(plots.map(Figure.patterns))
  }

  /// What a value is drawn as where no columns are named.
  private func ownFigure(_ value: Value, _ arguments: Arguments) throws -> Figure? {
    switch value {
    case .figure(let figure):
      try arguments.refuse("title", because: "the drawing has its own")
      return figure
    case .object(let object as ScoreComparison):
      return .chart(try object.chart(title: arguments.string("title")))
    case .object(let object as ExperimentResult):
      guard let figure = object.report.figure else { return nil }
      try arguments.refuse("title", because: "the experiment's drawing has its own")
      return figure
    default: return nil
    }
  }

  private func drawing(
    of table: Table, _ value: Value, _ arguments: Arguments, _ bench: Bench
  ) throws -> Figure {
    var (usual, subtitle) = (TableChart.Usual(), "")
    if case .object(let object) = value {
      subtitle = object.summary
      switch object {
      case is SweepResult: usual.y = SweepResult.Measure.meanDifference.rawValue
      case is TaskMeasurement: usual = .init(x: "case", y: "accuracy")
      case is TaskMeasurements: usual = .init(x: "case", y: "accuracy", by: "task")
      default: break
      }
    }
    // How many rows there are, and what is in them, a check does not know.
    if bench.session.dryRun != nil, table.rows.isEmpty { throw ComputationSkipped() }
    return try TableChart(table: table, arguments: arguments, usual: usual)
      .figure(title: arguments.string("title"), subtitle: subtitle)
  }
}

extension Value {
  /// What `heatmap` draws.
  fileprivate var isMatrixOrNodes: Bool {
    switch self {
    case .tensor: true
    case .object(let object): object is NodeSet || object is any DrawnResult
    default: false
    }
  }
}
