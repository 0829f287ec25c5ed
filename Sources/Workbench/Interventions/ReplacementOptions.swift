import Transformers
import ExactText
import Language
import Results

/// Options that say what takes the place of nodes.
enum ReplacementOptions {
  static func parameters(_ kinds: [String]) -> [Parameter] {
    [
      .option("by", .word(kinds), "what takes their place; default zero"),
      .option("on", .task, "the task whose sentences by=mean and by=resample use"),
      .option("rows", .integer(minimum: 1), "its first N rows; default all"),
      .option("per", .word(["position"]), "with by=mean: a mean for each position"),
    ]
  }
}

extension InterventionArguments {
  /// What means are taken over and other sentences taken from.
  typealias Sentences = (task: String, texts: [EncodedText])

  /// What `by` and its options ask for; computed now, but for what depends on the sentence.
  ///
  /// - Parameters:
  ///   - sites: of what may be replaced
  ///   - nodes: those that have a position must be in every sentence
  ///   - scope: of means without per=position
  ///   - given: the sentences, for a verb that has them already; else those of the task `on`
  func source(
    sites: Set<Site>, nodes: [Node], scope: NodeMeans.Scope, sentences given: Sentences? = nil
  ) throws -> ReplacementSource {
    let kind = arguments.string("by") ?? "zero"
    // Which of several kinds takes what is for them to say: `for kind in ["zero", "mean"] { ablate L3 by=kind on=sva_obj }`.
    if !arguments.isComputed("by") { try refuseOthers(than: kind, hasSentences: given != nil) }
    switch kind {
    case "mean": return .means(try means(sites, nodes, scope, try given ?? sentences(by: kind)))
    case "baseline":
      let baseline = bench.state.baseline
      try baseline.check(model)
      return .baseline(baseline.settled(for: model))
    case "resample":
      let sentences = try given ?? sentences(by: kind)
      let seed = arguments.integer("seed") ?? bench.session.settings.seed
      return .resample(Resampling(task: sentences.task, rows: sentences.texts, seed: seed))
    case "counterfactual": return .counterfactual
    default: return .zero
    }
  }

  private func refuseOthers(than kind: String, hasSentences: Bool) throws {
    if kind != "mean" { try arguments.refuse("per", because: "only means are taken") }
    if kind != "resample" { try arguments.refuse("seed", because: "only by=resample chooses at random") }
    if kind != "mean", kind != "resample", !hasSentences {
      try arguments.refuse("on", "rows", because: "by=\(kind) takes no sentences")
    }
  }

  private func means(
    _ sites: Set<Site>, _ nodes: [Node], _ scope: NodeMeans.Scope, _ sentences: Sentences
  ) throws -> MeanActivations {
    let lengths = sentences.texts.map(\.count)
    let (shortest, longest) = (lengths.min() ?? 0, lengths.max() ?? 0)
    if let node = nodes.first(where: { ($0.position ?? 0) >= shortest }) {
      throw InterventionFault.rowTooShort(task: sentences.task, node: node.name, shortest: shortest)
    }
    // Nodes that all have a position are averaged there in any case.
    let hasAllPositions = scope == .node && nodes.allSatisfy { $0.position != nil }
    let scope = arguments["per"] != nil && !hasAllPositions ? .position : scope
    guard scope != .position || shortest == longest else {
      throw InterventionFault.unequalLengths(
        for: .means, task: sentences.task, shortest: shortest, longest: longest
      )
      .located(arguments.span(of: "per"))
    }
    let sums = try bench.means(of: sites, over: sentences.texts, model)
    return MeanActivations(
      task: sentences.task, texts: sentences.texts,
      means: NodeMeans(sums, of: sites, in: model.configuration.blocks, scope: scope))
  }

  /// The sentences of the task `on`.
  private func sentences(by kind: String) throws -> Sentences {
    guard let argument = arguments["on"] else {
      throw InterventionFault.noTask(by: kind).located(arguments.span(of: "by"))
    }
    let task = try bench.task(argument, for: "`on`")
    let rows = task.rows.prefix(arguments.integer("rows") ?? task.rows.count)
    let texts = try rows.flatMap(\.sentences).map {
      try EncodedText(SentenceText(text: $0), model: model)
    }
    return (task.name, texts)
  }
}
