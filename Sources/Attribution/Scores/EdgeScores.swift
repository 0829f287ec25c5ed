import Transformers

/// Scores of all residual edges of one sentence, or means of several: positive where the clean value raises the quantity.
public struct EdgeScores: Sendable, Equatable {
  public let space: EdgeSpace
  /// For each target by number one of each of its sources.
  public private(set) var values: [[Double]]

  public init(_ space: EdgeSpace) {
    self.space = space
    values = (0..<space.targetCount).map { Array(repeating: 0, count: space.parents(of: $0)) }
  }

  /// - Parameter scores: of every edge, as in ``list``
  public init(_ space: EdgeSpace, _ scores: [Double]) {
    self.init(space)
    var next = scores.makeIterator()
    for target in values.indices {
      for source in values[target].indices { values[target][source] = next.next() ?? .nan }
    }
  }

  /// nil for an edge that is not there.
  public subscript(edge: ResidualEdge) -> Double? {
    space.numbers(of: edge).map { values[$0.target][$0.source] }
  }

  /// - Precondition: the edge is there.
  public mutating func set(_ edge: ResidualEdge, to score: Double) {
    guard let (source, target) = space.numbers(of: edge) else { preconditionFailure("no edge \(edge.name)") }
    values[target][source] = score
  }

  mutating func add(_ score: Double, source: Int, target: Int) { values[target][source] += score }

  public mutating func add(_ other: EdgeScores, times factor: Double = 1) {
    for target in values.indices {
      for source in values[target].indices {
        values[target][source] += factor * other.values[target][source]
      }
    }
  }

  /// Every edge with its score, target by target.
  public var list: [(edge: ResidualEdge, score: Double)] {
    values.enumerated().flatMap { target, values in
      values.enumerated().map { (space.edge(source: $0, target: target), $1) }
    }
  }
}
