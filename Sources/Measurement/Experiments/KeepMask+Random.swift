import Attribution
import Transformers

extension KeepMask {
  /// A mask that keeps as many nodes of every kind in every row and layer as `model`, drawn at random.
  ///
  /// The words of row 0 and the target with its skip connections are kept as they are; heads, feed-forward branches and skip
  /// connections are drawn among those of tokens that are kept in the layer's output.
  ///
  /// - Parameter end: after the last position that the target can read, by way of all layers; nil for all
  init(
    randomLike model: KeepMask, target: Int, length: Int, end: Int? = nil,
    generator: inout some RandomNumberGenerator
  ) {
    guard let rows = model.hidden else {
      self = model
      return
    }
    var hidden = [rows[0]]
    for row in rows.dropFirst().dropLast() {
      let others = (0..<(end ?? length)).filter { $0 != target }
      let kept = others.shuffled(using: &generator).prefix(row.count(where: { $0 }) - 1)
      hidden.append((0..<length).map { $0 == target || kept.contains($0) })
    }
    hidden.append(rows[rows.count - 1])
    let heads = model.heads?.enumerated().map { layer, positions in
      Self.drawn(positions, among: hidden[layer + 1], using: &generator)
    }
    let skips = Self.drawnSkips(model.skips, target, among: hidden, using: &generator)
    let feedForwards = model.feedForwards?.enumerated().map { layer, positions in
      Self.drawn(positions.map { [$0] }, among: hidden[layer + 1], using: &generator).map { $0[0] }
    }
    let others = Self.drawnSkips(model.feedForwardSkips, target, among: hidden, using: &generator)
    self.init(
      hidden: hidden, heads: heads, skips: skips, feedForwards: feedForwards, feedForwardSkips: others)
  }

  /// The target's stay.
  private static func drawnSkips(
    _ mask: [[Bool]]?, _ target: Int, among hidden: [[Bool]],
    using generator: inout some RandomNumberGenerator
  ) -> [[Bool]]? {
    mask?.enumerated().map { layer, positions in
      var tokens = hidden[layer + 1]
      tokens[target] = false
      let others = positions.enumerated().map { $0.offset != target && $0.element }
      let own = drawn(others.map { [$0] }, among: tokens, using: &generator).map { $0[0] }
      return own.enumerated().map { $0.offset == target || $0.element }
    }
  }

  /// As many entries as `mask` has, at random at the positions of `tokens`.
  private static func drawn(
    _ mask: [[Bool]], among tokens: [Bool], using generator: inout some RandomNumberGenerator
  ) -> [[Bool]] {
    let columns = mask.first?.count ?? 0
    let places = tokens.indices.filter { tokens[$0] }.flatMap { position in
      (0..<columns).map { position * columns + $0 }
    }
    let count = mask.reduce(0) { $0 + $1.count(where: { $0 }) }
    let kept = Set(places.shuffled(using: &generator).prefix(count))
    return mask.indices.map { position in (0..<columns).map { kept.contains(position * columns + $0) } }
  }

  /// Shares of the hidden states, of the heads and skip connections, and of the feed-forward branches and the skip
  /// connections beside them, that are kept.
  func keptShares() -> (hidden: Double, attention: Double, feedForward: Double) {
    func share(_ kept: [Bool]?) -> Double {
      guard let kept, !kept.isEmpty else { return 1 }
      return Double(kept.count(where: { $0 })) / Double(kept.count)
    }
    let attention = heads.map { Array($0.joined().joined()) + Array((skips ?? []).joined()) }
    let feedForward = feedForwards.map { Array($0.joined()) + Array((feedForwardSkips ?? []).joined()) }
    return (share(hidden.map { Array($0.joined()) }), share(attention), share(feedForward))
  }
}
