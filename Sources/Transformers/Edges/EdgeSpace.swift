/// All residual edges of a model, by number.
///
/// Sources are numbered as they are written: `embed`, then of each layer its heads and its feed-forward branch. So what a
/// target can read are the first so many. Targets: of each layer the queries, the keys, the values of its heads and the
/// feed-forward branch, then the output.
public struct EdgeSpace: Sendable, Equatable {
  public let layers: Int
  /// A.
  public let heads: Int
  /// Whether heads do not feed the feed-forward branch of their own layer.
  public let isParallel: Bool

  /// - Throws: ``EdgeFault`` for models whose stream is no sum of what is written.
  public init(_ configuration: TransformerConfiguration) throws {
    let blocks = configuration.blocks
    guard blocks.order != .postNorm else { throw EdgeFault.postNorm(family: configuration.family.rawValue) }
    guard !blocks.normsBranches else { throw EdgeFault.normedBranches(family: configuration.family.rawValue) }
    (layers, heads, isParallel) = (configuration.layers, configuration.heads, blocks.isParallel)
  }

  public var sourceCount: Int { 1 + layers * (heads + 1) }
  public var targetCount: Int { layers * (3 * heads + 1) + 1 }
  public var edgeCount: Int { (0..<targetCount).reduce(0) { $0 + parents(of: $1) } }

  public func source(_ number: Int) -> ResidualEdge.Source {
    guard number > 0 else { return .embedding }
    let (layer, place) = (number - 1).quotientAndRemainder(dividingBy: heads + 1)
    return place == heads ? .feedForward(layer: layer) : .head(layer: layer, head: place)
  }

  public func target(_ number: Int) -> ResidualEdge.Target {
    let (layer, place) = number.quotientAndRemainder(dividingBy: 3 * heads + 1)
    guard layer < layers else { return .output }
    return switch place / heads {
    case 0: .query(layer: layer, head: place)
    case 1: .key(layer: layer, head: place - heads)
    case 2: .value(layer: layer, head: place - 2 * heads)
    default: .feedForward(layer: layer)
    }
  }

  /// nil for what the model does not have.
  public func number(of source: ResidualEdge.Source) -> Int? {
    switch source {
    case .embedding: 0
    case .head(let layer, let head) where 0..<layers ~= layer && 0..<heads ~= head:
      1 + layer * (heads + 1) + head
    case .feedForward(let layer) where 0..<layers ~= layer: 1 + layer * (heads + 1) + heads
    default: nil
    }
  }

  /// nil for what the model does not have.
  public func number(of target: ResidualEdge.Target) -> Int? {
    func number(_ layer: Int, _ part: Int, _ head: Int) -> Int? {
      guard 0..<layers ~= layer, 0..<heads ~= head else { return nil }
      return layer * (3 * heads + 1) + part * heads + head
    }
    return switch target {
    case .query(let layer, let head): number(layer, 0, head)
    case .key(let layer, let head): number(layer, 1, head)
    case .value(let layer, let head): number(layer, 2, head)
    case .feedForward(let layer): number(layer, 3, 0)
    case .output: targetCount - 1
    }
  }

  /// How many sources, the first ones, are written before a target reads.
  public func parents(of target: Int) -> Int {
    let (layer, place) = target.quotientAndRemainder(dividingBy: 3 * heads + 1)
    guard layer < layers else { return sourceCount }
    return written(before: layer) + (place == 3 * heads && !isParallel ? heads : 0)
  }

  /// Sources of the layers before one.
  func written(before layer: Int) -> Int { 1 + layer * (heads + 1) }

  /// nil for an edge that is not there: a source written after the target reads, or a part that the model lacks.
  public func numbers(of edge: ResidualEdge) -> (source: Int, target: Int)? {
    guard let source = number(of: edge.source), let target = number(of: edge.target),
      source < parents(of: target)
    else { return nil }
    return (source, target)
  }

  public func edge(source: Int, target: Int) -> ResidualEdge {
    ResidualEdge(self.source(source), self.target(target))
  }

  /// Every edge, target by target.
  public var edges: [ResidualEdge] {
    (0..<targetCount).flatMap { target in
      (0..<parents(of: target)).map { edge(source: $0, target: target) }
    }
  }
}
