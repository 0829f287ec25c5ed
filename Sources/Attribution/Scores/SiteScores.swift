import Transformers

/// Attribution scores of the activations of one sentence: positive where the clean value raises the quantity.
public struct SiteScores: Sendable, Equatable {
  /// Of each site (n, parts), 0 for padding: of `z` and `q` a part is a head, of `k` and `v` a head of keys, of `mlp_post` a neuron;
  /// other sites are one part.
  public internal(set) var values: [Site: [[Double]]]

  /// The kinds of sites that have scores.
  public static let kinds: [Site.Kind] = [.embed, .residPost, .z, .attnOut, .mlpOut, .mlpPost, .q, .k, .v]

  /// A node's score: of its position, or the sum over positions. nil for what has none.
  public func score(of node: Node, in blocks: BlockKind) -> Double? {
    guard let rows = values[node.site(in: blocks)], let part = node.part else { return nil }
    if let position = node.position { return rows[position][part] }
    return rows.reduce(0) { $0 + $1[part] }
  }
}

extension Node {
  /// Which part of its site it is; nil for skip connections, which share theirs with what they carry.
  public var part: Int? {
    component == .skip || component == .feedForwardSkip ? nil : component.number ?? 0
  }
}

extension TransformerConfiguration {
  /// How many parts of a site have scores of their own.
  func parts(of site: Site) -> Int {
    switch site.kind {
    case .z, .q: heads
    case .k, .v: keyHeads
    case .mlpPost: intermediate
    default: 1
    }
  }

  /// Numbers of a token at a site.
  func width(of site: Site) -> Int {
    switch site.kind {
    case .z, .q: queryWidth
    case .k, .v: keyHeads * headSize
    case .mlpPost: intermediate
    default: hidden
    }
  }
}

/// What an activation's value is compared with.
public enum ScoreEnd: Sendable {
  /// That at the start of the input's path: of its counterfactual or of its baseline.
  case start
  case zero
  /// (width) for each site: means over texts and positions.
  case means([Site: [Float]])
}
