import Attribution
import Encoders

/// What stays when everything else of its kind is replaced.
struct KeptNodes: Sendable {
  enum Content: Sendable {
    /// Hidden states, heads and skip connections.
    case nodes([Node])
    /// What the patterns of each sentence take.
    case patterns(PatternSet, PatternLevel)
  }

  let content: Content
  let configuration: BertConfiguration

  func mask(for text: EncodedText, _ intervention: Intervention) throws -> KeepMask {
    switch content {
    case .nodes(let nodes):
      try intervention.check(nodes, in: text)
      return KeepMask(nodes: nodes, length: text.count, configuration)
    case .patterns(let set, let level):
      guard let sentence = set.sentences.first(where: { $0.tokens == text.encoding.tokens }) else {
        throw InterventionFault.noPatterns(intervention.label, sentence: text.source.text)
      }
      return KeepMask(
        patterns: sentence.patterns, level: level, length: text.count, layers: configuration.layers,
        heads: configuration.heads)
    }
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
