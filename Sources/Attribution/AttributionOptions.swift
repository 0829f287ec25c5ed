/// How an influence is computed.
public struct AttributionOptions: Sendable, Equatable {
  /// K, points on the path.
  public var points: Int
  public var quadrature: Quadrature
  /// Whether ``points`` and ``quadrature`` are chosen for each input: see ``Attributor/settledPoints(_:options:check:progress:)``.
  /// Influences and patterns of inputs heed it, other questions do not.
  public var choosesPoints: Bool
  /// Positions whose patterns are wanted; nil for every real token whose embedding differs from its
  /// baseline. A word that does not move has influence 0 through everything.
  public var words: [Int]?
  /// C, nodes kept in every layer. With more than 1 a pattern is a set of paths: there is no attention
  /// level, and the reported influence is that of the best single node of the last row.
  public var kept: Int
  /// W, width of a beam search over patterns; the best pattern of the last beam is reported.
  public var beam: Int
  /// How far patterns are refined.
  public var level: PatternLevel
  /// Bytes that a computation may hold at a time, weights apart.
  public var memoryBudget: Int

  public init(
    points: Int = 50, quadrature: Quadrature = .uniform, choosesPoints: Bool = false,
    words: [Int]? = nil, kept: Int = 1, beam: Int = 1,
    level: PatternLevel = .attention, memoryBudget: Int = 4 << 30
  ) {
    self.points = points
    self.quadrature = quadrature
    self.choosesPoints = choosesPoints
    self.words = words
    self.kept = kept
    self.beam = beam
    self.level = level
    self.memoryBudget = memoryBudget
  }
}

/// Told the finished share of a computation, 0 to 1, between units of work.
public typealias ProgressReport = @Sendable (Double) -> Void
