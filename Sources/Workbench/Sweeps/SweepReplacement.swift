import ExactText
import Transformers
import Faults
import Language

/// Which of a sentence and its counterfactual is asked about, and which gives the values.
enum SweepDirection: String, CaseIterable {
  case noise, denoise

  /// - Throws: `CallFault` where nothing has a direction.
  init(_ arguments: Arguments) throws {
    guard arguments.string("by") == "counterfactual" else {
      if !arguments.isComputed("by") {
        try arguments.refuse("direction", because: "only by=counterfactual has two")
      }
      self = .noise
      return
    }
    self = arguments.string("direction").flatMap(SweepDirection.init(rawValue:)) ?? .noise
  }
}

/// What takes the place of a node in a sweep.
struct SweepReplacement {
  /// `by mean of sva_obj (200 sentences)`
  let phrase: String
  let direction: SweepDirection
  /// Where the path of inputs starts that has the replaced values: of edges.
  let baseline: BaselineText
  private let values: Values

  private enum Values {
    /// The same in every sentence.
    case shared(NodeSubstitutes)
    /// Those of each sentence.
    case own([NodeSubstitutes])
  }

  static let parameters: [Parameter] = [
    .option(
      "by", .word(["zero", "mask", "mean", "baseline", "resample", "counterfactual"]),
      "what takes a node's place, as for `ablate`, from the same rows; default zero. Attention edges: zero or mask"
    ),
    .option(
      "direction", .word(SweepDirection.allCases.map(\.rawValue)),
      "with by=counterfactual: noise (default) asks about the sentence, values are its counterfactual's; denoise asks about "
        + "the counterfactual, values are the sentence's"),
    .option("per", .word(["position"]), "with by=mean: a mean for each position"),
    .option("seed", .integer(minimum: 0), "of by=resample; default the session's"),
  ]

  /// Of attention edges.
  init(cutting mode: AttentionCut.Mode) {
    (phrase, direction, values) = ("by \(mode.rawValue)", .noise, .own([]))
    baseline = BaselineText(name: BaselineText.counterfactual, keepsSpecial: false)
  }

  /// Computes what is put in place of `nodes`; means and other sentences are those of the task's rows.
  ///
  /// - Parameter task: with the texts that are asked about: to denoise, the counterfactuals.
  init(
    _ call: InterventionArguments, _ nodes: [Node], _ task: MeasuredTask, _ direction: SweepDirection,
    _ bench: Bench
  ) throws {
    let texts = task.texts(of: 0..<task.count)
    let source = try call.source(
      sites: call.model.configuration.blocks.sites(of: nodes), nodes: nodes, scope: .node,
      sentences: (task.task.name, texts))
    self.direction = direction
    if case .baseline(let text) = source {
      baseline = text
    } else {
      baseline = BaselineText(name: BaselineText.counterfactual, keepsSpecial: false)
    }
    phrase = source.phrase + (direction == .denoise ? ", denoising" : "")
    switch source {
    case _ where nodes.isEmpty: values = .own([])
    case .zero, .mask: values = .shared(NodeSubstitutes(.zero, of: nodes))
    case .means(let means): values = .shared(NodeSubstitutes(.means(means.means), of: nodes))
    case .baseline, .resample, .counterfactual, .text:
      try Self.checkMemory(nodes, texts, call.model, bench)
      let intervention = Intervention(
        number: 0, verb: "sweep", target: "", scope: .nodes(nodes), source: source, model: call.model)
      do {
        values = .own(
          try intervention.interventions(for: texts, in: bench).map(NodeSubstitutes.init))
      } catch InterventionFault.noDonor(_, let task, let length) {
        throw InterventionFault.noDonor(nil, task: task, length: length)
      }
    }
  }

  /// Values of all sentences are kept at once; the passes get the other half of the budget.
  private static func checkMemory(
    _ nodes: [Node], _ texts: [EncodedText], _ model: LoadedModel, _ bench: Bench
  ) throws {
    let bytes = NodeSubstitutes.bytes(
      of: nodes, tokens: texts.reduce(0) { $0 + $1.count }, in: model.configuration)
    let budget = bench.session.workingMemory
    guard bytes <= budget / 2 else { throw MemoryFault(needed: 2 * bytes, budget: budget) }
  }

  func value(of node: Node, inText text: Int) -> Replacement.Value {
    switch values {
    case .shared(let values): values[node]
    case .own(let values): values[text][node]
    }
  }
}
