import Transformers

/// What stays of a network when everything else is replaced, for a sentence of n tokens.
///
///     h[0]   <- keep[0] h[0] + (1 - keep[0]) r[0]            per position
///     z      <- keep z + (1 - keep) r                        per position and head, before the output projection
///     skip   <- keep x + (1 - keep) r[l]                     only the copy that the skip connection adds
///     f      <- keep f + (1 - keep) r                        the feed-forward branch's output
///     y      <- keep y + (1 - keep) r                        only the copy that the skip connection beside it adds
///     h[l+1] <- keep[l+1] h[l+1] + (1 - keep[l+1]) r[l+1]    after the whole layer
///
/// In parallel blocks y is x. Replaced positions are still attended to.
public struct KeepMask: Sendable, Equatable {
  /// (L+1, n): hidden states, row 0 the embeddings; nil when all stay.
  public var hidden: [[Bool]]?
  /// (L, n, A); nil when all stay.
  public var heads: [[[Bool]]]?
  /// (L, n); nil when all stay.
  public var skips: [[Bool]]?
  /// (L, n): outputs of feed-forward branches; nil when all stay.
  public var feedForwards: [[Bool]]?
  /// (L, n): their skip connections; nil when all stay.
  public var feedForwardSkips: [[Bool]]?

  public init(
    hidden: [[Bool]]? = nil, heads: [[[Bool]]]? = nil, skips: [[Bool]]? = nil,
    feedForwards: [[Bool]]? = nil, feedForwardSkips: [[Bool]]? = nil
  ) {
    (self.hidden, self.heads, self.skips) = (hidden, heads, skips)
    (self.feedForwards, self.feedForwardSkips) = (feedForwards, feedForwardSkips)
  }

  /// The nodes that do not stay, one for each position.
  public var removedNodes: [Node] { removedHidden + removedHeads + removedSkips + removedFeedForwards }

  /// What is put in place of the nodes that do not stay.
  public func interventions(by substitute: Substitute = .zero) -> Interventions {
    substitute.interventions(on: removedNodes)
  }

  private var removedHidden: [Node] {
    places(hidden) { Node.hidden(row: $0, position: $1) }
  }

  private var removedSkips: [Node] {
    places(skips) { Node.skip(layer: $0, position: $1) }
  }

  private var removedFeedForwards: [Node] {
    places(feedForwards) { Node.feedForward(layer: $0, position: $1) }
      + places(feedForwardSkips) { Node.feedForward(layer: $0, isSkip: true, position: $1) }
  }

  private var removedHeads: [Node] {
    (heads ?? []).enumerated().flatMap { layer, positions in
      places(positions) { Node.head(layer: layer, head: $1, position: $0) }
    }
  }

  /// A node for each entry that is false.
  private func places(_ mask: [[Bool]]?, _ node: (_ row: Int, _ column: Int) -> Node) -> [Node] {
    (mask ?? []).enumerated().flatMap { row, columns in
      columns.indices.filter { !columns[$0] }.map { node(row, $0) }
    }
  }
}
