import Attribution

/// What is kept of the network in an ablation.
public struct AblationVariant: Sendable, Hashable {
  /// Where the kept nodes come from.
  ///
  /// Only patterns tell feed-forward branches from the skip connections beside them: at the third level there are these,
  /// random ones and the target alone.
  public enum Source: String, Sendable, CaseIterable {
    /// Everything is kept.
    case intact
    /// The words' influence patterns.
    case patterns
    /// Of every kind of node in every row and layer as many as the patterns keep, drawn at random; of heads and skip
    /// connections among those of kept tokens.
    case random
    /// Each word's best attention path: the largest product of head-averaged attention with residual, (P + I) / 2. At the
    /// attention level a step to another token takes the head with the largest attention, one that stays the skip
    /// connection, whose share in (P + I) / 2 is never smaller.
    case attentionWeights = "attention weights"
    /// In each row the node with the largest conductance of the word's sign, ``Conductance`` with all words moving, whatever
    /// nodes other rows have; then likewise the head or skip connection.
    case conductance
    /// The same by the conductance of the word alone, ``Attributor/wordConductance(_:options:check:progress:)``: what guided
    /// refinement maximises but for the nodes chosen before.
    case wordConductance = "word conductance"
    /// The same by ``Attributor/internalInfluence(_:options:check:progress:)``, which knows the word only by its sign.
    case internalInfluence = "internal influence"
    /// The patterns with every skip connection swapped for the best head at its token; that of the target is not kept
    /// either.
    case skipsReplaced = "skips replaced"
    /// Only the target, with its skip connections: what is right by chance or by the other rows' means.
    case targetOnly = "target only"

    fileprivate func reaches(_ level: PatternLevel) -> Bool {
      switch (self, level) {
      case (.intact, _): false
      case (.skipsReplaced, _): level == .attention
      case (.patterns, _), (.random, _), (.targetOnly, _): true
      default: level != .feedForward
      }
    }
  }

  /// What stands in for a node that is not kept.
  public enum Substitute: String, Sendable, CaseIterable {
    case zero
    /// The node's mean over all rows, at the position.
    case mean
  }

  public let source: Source
  /// nil for the intact network.
  public let level: PatternLevel?
  /// nil for the intact network.
  public let substitute: Substitute?

  public static let intact = AblationVariant(source: .intact, level: nil, substitute: nil)

  /// - Precondition: a source other than the intact network, that says something about the level.
  public init(_ source: Source, _ level: PatternLevel, _ substitute: Substitute = .zero) {
    precondition(source.reaches(level), "\(source.rawValue) at level \(level.rawValue)")
    self.init(source: source, level: level, substitute: substitute)
  }

  private init(source: Source, level: PatternLevel?, substitute: Substitute?) {
    (self.source, self.level, self.substitute) = (source, level, substitute)
  }

  /// The intact network, then all sources for each substitute and level.
  public static func all(
    levels: [PatternLevel] = PatternLevel.published, substitutes: [Substitute] = [.zero]
  ) -> [AblationVariant] {
    [intact]
      + substitutes.flatMap { substitute in
        levels.flatMap { level in
          Source.allCases.filter { $0.reaches(level) }.map { AblationVariant($0, level, substitute) }
        }
      }
  }
}
