/// Residual edges that come from another text of as many tokens.
public struct EdgePatch: Sendable, Equatable {
  public let edges: EdgeSet
  /// (n) each, of the other text.
  public let ids: [Int32]
  public let types: [Int32]

  public init(_ edges: EdgeSet, ids: [Int32], types: [Int32]) {
    precondition(ids.count == types.count, "one type for each id")
    (self.edges, self.ids, self.types) = (edges, ids, types)
  }

  /// The edges of both.
  ///
  /// - Precondition: they come from one text.
  func joined(with other: EdgePatch) -> EdgePatch {
    precondition(ids == other.ids && types == other.types, "edges from two texts")
    return EdgePatch(edges.union(other.edges), ids: ids, types: types)
  }

  func validate(_ configuration: TransformerConfiguration) throws {
    let space = try EdgeSpace(configuration)
    precondition(space == edges.space, "edges of another model")
  }
}
