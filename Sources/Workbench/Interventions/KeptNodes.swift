import Attribution
import Transformers
import ExactText
import Language

/// What stays when everything else of its kind is replaced.
struct KeptNodes: Sendable {
  enum Content: Sendable {
    /// Hidden states, heads, feed-forward branches and skip connections.
    case nodes([Node])
    /// What the patterns of each sentence take.
    case patterns(PatternSet, PatternLevel)
  }

  let content: Content
  let configuration: TransformerConfiguration

  func mask(for text: EncodedText, _ intervention: Intervention) throws -> KeepMask {
    switch content {
    case .nodes(let nodes):
      try intervention.check(nodes, in: text)
      return KeepMask(nodes: nodes, length: text.count, configuration)
    case .patterns(let set, let level):
      return try mask(of: set.sentences, level, for: text, intervention)
    }
  }

  /// What the patterns of the text and its question take. Where the patterns are of one question only, they do for any.
  private func mask(
    of sentences: [PatternSet.Sentence], _ level: PatternLevel, for text: EncodedText,
    _ intervention: Intervention
  ) throws -> KeepMask {
    let own = sentences.filter { $0.tokens == text.encoding.tokens }
    let asked = own.filter { $0.quantity == text.question }
    let masks = (asked.isEmpty ? own : asked).map {
      KeepMask(
        patterns: $0.patterns, level: level, length: text.count, layers: configuration.layers,
        heads: configuration.heads)
    }
    guard let mask = masks.first else {
      throw InterventionFault.noPatterns(intervention.label, sentence: text.source.text)
    }
    guard masks.allSatisfy({ $0 == mask }) else {
      throw InterventionFault.severalPatterns(
        intervention.label, sentence: text.source.text, quantities: own.map(\.quantity))
    }
    return mask
  }

  /// The activations that may be replaced.
  var sites: Set<Site> {
    let layers = 0..<configuration.layers
    let nodes = kinds.flatMap { kind -> [Node] in
      switch kind {
      case .hidden: (0...configuration.layers).map { .hidden(row: $0) }
      case .attention: layers.flatMap { [.head(layer: $0, head: 0), .skip(layer: $0)] }
      case .feedForward: layers.flatMap { [.feedForward(layer: $0), .feedForward(layer: $0, isSkip: true)] }
      }
    }
    return configuration.blocks.sites(of: nodes)
  }

  /// Of what is replaced.
  private var kinds: [KeepMask.Kind] {
    switch content {
    case .nodes(let nodes):
      KeepMask.Kind.allCases.filter { kind in nodes.contains { KeepMask.Kind($0.component) == kind } }
    case .patterns(_, let level): KeepMask.Kind.allCases.filter(level.kinds.contains)
    }
  }
}
