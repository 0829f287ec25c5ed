import Tensors

/// One block: two residual branches, attention and feed-forward, with norms in places.
///
///     post-norm    y = N(x + attention(x)),  h = N(y + feedForward(y))
///     pre-norm     y = x + [N'](attention(N(x))),  h = y + [N'](feedForward(N(y)))
///     parallel     h = x + attention(N(x)) + feedForward(N(x))
///
/// Forward passes, derivatives, sites, interventions, costs and memory follow from this description.
package struct Block: Sendable {
  package let attention: AttentionBranch
  package let feedForward: FeedForward
  /// Whether the feed-forward branch reads the block's input instead of y.
  package let isParallel: Bool
  package let norms: Norms

  /// nil where there is none.
  package struct Norms: Sendable {
    package var beforeAttention: Norm?
    /// Of the branch's output, before the sum.
    package var afterAttention: Norm?
    /// Of the sum with the skip connection.
    package var attentionSum: Norm?
    package var beforeFeedForward: Norm?
    package var afterFeedForward: Norm?
    package var feedForwardSum: Norm?

    package init(
      beforeAttention: Norm? = nil, afterAttention: Norm? = nil, attentionSum: Norm? = nil,
      beforeFeedForward: Norm? = nil, afterFeedForward: Norm? = nil, feedForwardSum: Norm? = nil
    ) {
      (self.beforeAttention, self.afterAttention) = (beforeAttention, afterAttention)
      (self.attentionSum, self.beforeFeedForward) = (attentionSum, beforeFeedForward)
      (self.afterFeedForward, self.feedForwardSum) = (afterFeedForward, feedForwardSum)
    }
  }

  package init(
    attention: AttentionBranch, feedForward: FeedForward, isParallel: Bool = false, norms: Norms
  ) {
    (self.attention, self.feedForward) = (attention, feedForward)
    (self.isParallel, self.norms) = (isParallel, norms)
  }

  /// d.
  package var hidden: Int { attention.output.outputs }
  /// I.
  package var intermediate: Int { feedForward.intermediate }
}

/// The attention branch: queries, keys and values in one product, what is done to queries and keys, and the way out.
package struct AttentionBranch: Sendable {
  /// Queries, then keys, then values: (A dh + 2 G dh, d).
  package let projection: Linear
  package let heads: Attention
  package let turns: HeadTurns
  /// Wo: (d, A dh).
  package let output: Linear
  /// In place of the projection's bias where it was added already.
  let noBias: Tensor

  package init(projection: Linear, heads: Attention, turns: HeadTurns = HeadTurns(), output: Linear) {
    (self.projection, self.heads, self.turns, self.output) = (projection, heads, turns, output)
    noBias = Tensor(shape: [projection.outputs], repeating: 0)
  }

  /// A dh.
  package var queryWidth: Int { heads.queryWidth }
  /// G dh.
  package var keyWidth: Int { heads.keyWidth }

  package var queries: Range<Int> { 0..<queryWidth }
  package var keysAndValues: Range<Int> { queryWidth..<projection.outputs }

  /// Outputs of the projection: those of a head's queries, which are its columns of z too, and of the keys and values that it
  /// reads.
  package func parts(of head: Int) -> (query: Range<Int>, key: Range<Int>, value: Range<Int>) {
    let (size, column) = (heads.headSize, queryWidth + heads.keyColumn(of: head))
    return (
      head * size..<(head + 1) * size, column..<column + size, column + keyWidth..<column + keyWidth + size
    )
  }
}
