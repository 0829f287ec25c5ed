import Attribution
import Transformers
import Tensors

/// How well the model answers when only some nodes are kept and all others replaced.
///
/// Conventions of Lu et al., "Influence Patterns for Explaining Information Flow in BERT", NeurIPS 2021, section 5: kept is
/// the union over a sentence's words; the target stays in every row.
public struct AblationExperiment: Experiment {
  public let variants: [AblationVariant]

  public init(variants: [AblationVariant] = AblationVariant.all()) { self.variants = variants }

  public func findings(_ rows: [Int], in context: ExperimentContext) throws -> [AblationFinding] {
    let masks = try AblationMasks(rows, Set(variants.map(\.source)), context).masks(variants)
    let means = variants.contains { $0.substitute == .mean } ? try context.means() : nil
    let probes = zip(rows, masks).flatMap { row, masks in
      zip(variants, masks).map { variant, mask in
        let means = variant.substitute == .mean ? means : nil
        return context.rows[row].probe(mask.interventions(by: means.map { .means($0) } ?? .zero))
      }
    }
    let outcomes = try context.evaluator.outcomes(probes)
    return masks.enumerated().map { place, masks in
      let own = outcomes[place * variants.count..<(place + 1) * variants.count]
      return AblationFinding(
        variants: zip(own, masks).map { outcome, mask in
          let kept = mask.keptShares()
          return .init(
            outcome: OutcomeFinding(outcome), keptHidden: kept.hidden, keptAttention: kept.attention,
            keptFeedForward: kept.feedForward)
        })
    }
  }
}

/// One sentence under each variant, in the order of the experiment.
public struct AblationFinding: Finding, Equatable {
  public struct Variant: Sendable, Equatable {
    public let outcome: OutcomeFinding
    /// Share of the hidden states, (L+1) n, that are kept.
    public let keptHidden: Double
    /// Share of the heads and skip connections, L n (A + 1), that are kept.
    public let keptAttention: Double
    /// Share of the feed-forward branches and the skip connections beside them, 2 L n, that are kept.
    public let keptFeedForward: Double
  }

  public let variants: [Variant]

  init(variants: [Variant]) { self.variants = variants }

  public var numbers: NamedNumbers {
    NamedNumbers([
      "qoi": variants.map(\.outcome.value), "correct": variants.map { $0.outcome.isCorrect ? 1 : 0 },
      "kept_hidden": variants.map(\.keptHidden), "kept_attention": variants.map(\.keptAttention),
      "kept_feedforward": variants.map(\.keptFeedForward),
    ])
  }

  public init?(numbers: NamedNumbers) {
    guard let values = numbers["qoi"], let correct = numbers["correct"], let hidden = numbers["kept_hidden"],
      let attention = numbers["kept_attention"], let feedForward = numbers["kept_feedforward"],
      [correct, hidden, attention, feedForward].map(\.count).allSatisfy({ $0 == values.count })
    else { return nil }
    variants = values.indices.map { i in
      Variant(
        outcome: OutcomeFinding(Outcome(value: values[i], isCorrect: correct[i] == 1)),
        keptHidden: hidden[i], keptAttention: attention[i], keptFeedForward: feedForward[i])
    }
  }
}

/// Some rows' outcomes under each variant.
public struct AblationSummary: Sendable, Equatable {
  public struct Line: Sendable, Equatable {
    public let variant: AblationVariant
    public let outcome: OutcomeSummary
    public let keptHidden: Double
    public let keptAttention: Double
    public let keptFeedForward: Double
  }

  public let lines: [Line]

  public init(_ findings: [AblationFinding], variants: [AblationVariant]) {
    lines = variants.enumerated().map { index, variant in
      let own = findings.map { $0.variants[index] }
      return Line(
        variant: variant, outcome: OutcomeSummary(own.map(\.outcome.outcome)),
        keptHidden: mean(own.map(\.keptHidden)), keptAttention: mean(own.map(\.keptAttention)),
        keptFeedForward: mean(own.map(\.keptFeedForward)))
    }
  }
}

/// What each variant keeps of some sentences.
private struct AblationMasks {
  private let rows: [Int]
  private let context: ExperimentContext
  private let patterns: [SentencePatterns]
  /// For each row, as far as the finest level of the variants.
  private var routes: [AblationVariant.Source: [[Route]]] = [:]

  init(_ rows: [Int], _ sources: Set<AblationVariant.Source>, _ context: ExperimentContext) throws {
    (self.rows, self.context) = (rows, context)
    let needsPatterns = !sources.subtracting([.intact, .targetOnly]).isEmpty
    patterns = needsPatterns ? try context.patterns(rows) : []
    for source in sources { routes[source] = try routes(from: source) }
    if sources.contains(.random) { routes[.patterns] = try routes(from: .patterns) }
  }

  /// For each row; none where they are not what determines the mask.
  private func routes(from source: AblationVariant.Source) throws -> [[Route]] {
    let inputs = rows.map { context.rows[$0].input }
    switch source {
    case .intact, .targetOnly, .random: return rows.map { _ in [] }
    case .patterns: return patterns.map { $0.words.map { Route($0, level: context.options.level) } }
    case .skipsReplaced: return patterns.map { $0.words.map(Route.init(replacingSkipsOf:)) }
    case .attentionWeights: return try rows.indices.map(attentionRoutes)
    case .conductance:
      let scores = try context.attributor.conductance(
        inputs, options: context.options, check: context.check
      ).map(NodeScores.init)
      return guidedRoutes { place, _ in scores[place] }
    case .wordConductance:
      let scores = try context.attributor.wordConductance(
        inputs, options: context.options, check: context.check)
      return guidedRoutes { place, word in scores[place][word] }
    case .internalInfluence:
      let scores = try context.attributor.internalInfluence(
        inputs, options: context.options, check: context.check)
      return guidedRoutes { place, _ in scores[place] }
    }
  }

  private func guidedRoutes(_ scores: (_ place: Int, _ word: Int) -> NodeScores?) -> [[Route]] {
    patterns.enumerated().map { place, sentence in
      sentence.words.compactMap { word in
        scores(place, word.position).map {
          Route(word: word.position, target: sentence.target, sign: word.sign, scores: $0)
        }
      }
    }
  }

  private func attentionRoutes(_ place: Int) throws -> [Route] {
    let row = context.rows[rows[place]]
    let batch = TokenBatch(sequences: [(ids: row.ids, types: row.types)], padToken: 0)
    let sites = (0..<context.layers).map { Site(.pattern, layer: $0) }
    let request = ForwardRequest(capture: Set(sites), interventions: [row.interventions])
    let result = try context.evaluator.run(batch, request)
    let attention = sites.compactMap { result.activations[$0].map { $0[0] } }
    let paths = ContextMixing(attention: attention, heads: .mean).bestPaths(to: row.target)
    return patterns[place].words.map { Route(paths[$0.position], attention: attention) }
  }

  /// For each row, the masks of the variants.
  func masks(_ variants: [AblationVariant]) -> [[KeepMask]] {
    rows.indices.map { place in variants.map { mask($0, place) } }
  }

  private func mask(_ variant: AblationVariant, _ place: Int) -> KeepMask {
    guard let level = variant.level else { return KeepMask() }
    let row = context.rows[rows[place]]
    func mask(_ source: AblationVariant.Source) -> KeepMask {
      KeepMask(
        routes: routes[source]?[place] ?? [], target: row.target, level: level, length: row.length,
        layers: context.layers, heads: context.heads,
        keeping: source == .skipsReplaced ? .states : .statesAndSkips)
    }
    guard variant.source == .random else { return mask(variant.source) }
    var generator = context.generator(rows[place], use: level == .embedding ? 1 : level == .attention ? 2 : 3)
    return KeepMask(
      randomLike: mask(.patterns), target: row.target, length: row.length,
      end: context.model.configuration.isCausal ? row.target + 1 : nil, generator: &generator)
  }
}
