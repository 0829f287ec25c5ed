/// Some residual edges of a model.
public struct EdgeSet: Sendable, Equatable {
  public let space: EdgeSpace
  /// For each target by number its sources by number, ascending.
  private(set) var sources: [[Int32]]

  public init(_ space: EdgeSpace) {
    self.space = space
    sources = Array(repeating: [], count: space.targetCount)
  }

  /// - Precondition: the edges are there.
  public init(_ edges: some Sequence<ResidualEdge>, in space: EdgeSpace) {
    self.init(space)
    for edge in edges {
      guard let (source, target) = space.numbers(of: edge) else {
        preconditionFailure("no edge \(edge.name)")
      }
      sources[target].append(Int32(source))
    }
    for target in sources.indices { sources[target] = Set(sources[target]).sorted() }
  }

  /// Every edge that is not in this set.
  public var complement: EdgeSet {
    var result = EdgeSet(space)
    for target in sources.indices {
      let own = Set(sources[target])
      result.sources[target] = (0..<Int32(space.parents(of: target))).filter { !own.contains($0) }
    }
    return result
  }

  public func union(_ other: EdgeSet) -> EdgeSet {
    var result = self
    for target in sources.indices {
      result.sources[target] = Set(sources[target]).union(other.sources[target]).sorted()
    }
    return result
  }

  public var count: Int { sources.reduce(0) { $0 + $1.count } }

  public func contains(_ edge: ResidualEdge) -> Bool {
    guard let (source, target) = space.numbers(of: edge) else { return false }
    return sources[target].contains(Int32(source))
  }

  public var edges: [ResidualEdge] {
    sources.enumerated().flatMap { target, sources in
      sources.map { space.edge(source: Int($0), target: target) }
    }
  }
}
