import Attribution
import Transformers
import ExactText
import Language

/// What stays when everything else of its kind is replaced.
struct KeptNodes: Sendable {
  enum Content: Sendable {
    /// Hidden states, heads and skip connections.
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
    var sites: Set<Site> = []
    if restrictsHidden { sites.formUnion((0...configuration.layers).map(Site.hidden)) }
    if restrictsAttention {
      sites.formUnion(layers.flatMap { [Site(.z, layer: $0), Site(.residPre, layer: $0)] })
    }
    return sites
  }

  private var restrictsHidden: Bool {
    switch content {
    case .nodes(let nodes): nodes.contains { $0.component.isHidden }
    case .patterns: true
    }
  }

  private var restrictsAttention: Bool {
    switch content {
    case .nodes(let nodes): nodes.contains { $0.component.isInAttention }
    case .patterns(_, let level): level == .attention
    }
  }
}
