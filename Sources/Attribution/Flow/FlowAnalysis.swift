import Transformers
import Tensors

/// How the flow of information through the layers is estimated without the quantity of interest.
public enum FlowMethod: String, Sendable, CaseIterable {
  /// Attention rollout: ``ContextMixing/rollout(to:)``.
  case rollout
  /// Attention flow: ``ContextMixing/maximumFlow(from:to:layers:check:)``.
  case maxflow
  /// The best attention path: ``ContextMixing/bestPaths(to:direction:layers:)``.
  case path
  /// Rollout of the norms of what each token adds to the attention block's output: ``NormContributions``.
  case norm
  /// Rollout of how far each token's output moves when another's value vector is zero: ``ValueZeroing``.
  case valuezeroing
  /// Rollout of how near what each token adds comes to the attention block's output, of post-norm encoders:
  /// ``NormContributions/proximities(check:)``.
  case alti
  /// Information flow routes of pre-norm models, and their rollout: ``InformationRoutes``.
  case ifr
  /// Norms of the vectors that a token's state is the sum of, of post-norm encoders: ``TokenDecomposition``.
  case decompx

  /// Those that every kind of model takes, as far as each of its layers has the sites.
  public static let general: [FlowMethod] = [.rollout, .maxflow, .path, .norm, .valuezeroing]

  /// Whether the method reads attention probabilities aggregated over heads, and nothing else.
  public var readsOnlyAttention: Bool {
    switch self {
    case .rollout, .maxflow, .path: true
    case .norm, .valuezeroing, .alti, .ifr, .decompx: false
    }
  }

  /// The activations that the method reads.
  public func sites(in configuration: TransformerConfiguration) -> Set<Site> {
    let kinds: [Site.Kind] =
      switch self {
      case .rollout, .maxflow, .path: [.pattern]
      case .norm:
        [.pattern, .v, .residPre] + (configuration.blocks.has(.residMidRaw) ? [.residMidRaw] : [])
      case .valuezeroing: [.pattern, .v, .z, .residPre, .residPost]
      case .alti: [.pattern, .v, .residPre, .residMidRaw, .residMid]
      case .ifr: [.pattern, .v, .residPre, .residMid, .mlpOut, .residPost]
      case .decompx: [.pattern, .residPre, .residMidRaw, .mlpPre, .mlpPost, .residPostRaw]
      }
    return Set((0..<configuration.layers).flatMap { layer in kinds.map { Site($0, layer: layer) } })
  }
}

/// One sentence and the token whose making is to be explained.
public struct FlowInput: Sendable {
  /// (n) each; `mask` is true for a real token, false for padding.
  public var ids: [Int32]
  public var types: [Int32]
  public var mask: [Bool]
  /// t.
  public var target: Int
  /// What is replaced while the network runs.
  public var interventions: Interventions

  /// - Precondition: as many types and mask entries as ids.
  public init(
    ids: [Int32], types: [Int32], mask: [Bool]? = nil, target: Int,
    interventions: Interventions = .none
  ) {
    let mask = mask ?? Array(repeating: true, count: ids.count)
    precondition(types.count == ids.count && mask.count == ids.count, "one type and mask entry per id")
    (self.ids, self.types, self.mask) = (ids, types, mask)
    (self.target, self.interventions) = (target, interventions)
  }
}

/// How a flow is computed.
public struct FlowOptions: Sendable, Equatable {
  public var method: FlowMethod
  /// For methods that read only attention.
  public var heads: HeadAggregation
  /// For the best paths.
  public var direction: PathDirection
  /// Of information flow routes: parts of at most this share are left out.
  public var threshold: Double
  /// Bytes that value zeroing and DecompX may hold at a time beyond the activations.
  public var memoryBudget: Int

  public init(
    method: FlowMethod = .rollout, heads: HeadAggregation = .mean, direction: PathDirection = .flow,
    threshold: Double = FlowOptions.standardThreshold, memoryBudget: Int = 1 << 30
  ) {
    self.method = method
    self.heads = heads
    self.direction = direction
    self.threshold = threshold
    self.memoryBudget = memoryBudget
  }
}

extension FlowOptions {
  /// That of the authors' tool.
  public static let standardThreshold = 0.04
}

/// How much of the target comes from each input word, as one method sees it.
public struct FlowAnalysis: Sendable, Equatable {
  public let target: Int
  /// (L, n): the score of each word for the target after each layer; 0 for padding.
  public let layers: [[Double]]
  /// (L, n, n): the matrices that the scores come from, of DecompX through all layers so far; rows and columns of padding are 0.
  public let mixing: Tensor
  /// For ``FlowMethod/path``: the path of each real token, in their order.
  public let paths: [AttentionPath]
  /// For ``FlowMethod/ifr``: what the target is made of, from the last layer to the first.
  public let routes: [FlowEdge]

  /// (n): those of the last layer.
  public var scores: [Double] { layers.last ?? [] }
}
