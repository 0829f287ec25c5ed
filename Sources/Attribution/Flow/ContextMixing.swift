import Tensors

/// How much of each token after a layer comes from each token before it, for every layer.
///
/// An entry [l][i][j] is the share of token i after layer l that is drawn from token j before it; rows add up to 1, but for
/// those of zeros. It is
/// the layered graph of Abnar and Zuidema, "Quantifying Attention Flow in Transformers", ACL 2020: nodes (l, i), l = 0...L,
/// and an arc (l, j) -> (l+1, i) of that weight.
public struct ContextMixing: Sendable, Equatable {
  /// L.
  public let layers: Int
  /// n.
  public let length: Int
  /// (L, n, n), row-major.
  let shares: [Double]

  /// Divides every row by its sum. A row of zeros stays one: such a token takes nothing from any.
  ///
  /// - Parameter weights: (L, n, n), row-major.
  /// - Precondition: weights are not negative.
  public init(layers: Int, length: Int, weights: [Double]) {
    precondition(weights.count == layers * length * length, "\(weights.count) weights")
    self.layers = layers
    self.length = length
    var shares = weights
    for row in 0..<layers * length {
      let range = row * length..<(row + 1) * length
      let sum = weights[range].reduce(0, +)
      precondition(!(sum < 0), "row \(row) adds up to \(sum)")
      guard sum != 0 else { continue }
      for entry in range { shares[entry] /= sum }
    }
    self.shares = shares
  }

  /// The share of token `to` after `layer` that comes from token `from` before it.
  public subscript(layer: Int, to: Int, from: Int) -> Double {
    shares[(layer * length + to) * length + from]
  }

  /// (L, n, n).
  public var tensor: Tensor {
    Tensor(shape: [layers, length, length], shares.map { Float($0) })
  }

  /// The same but for rows of zeros: tokens that take nothing from any.
  func closed(_ isClosed: (_ layer: Int, _ token: Int) -> Bool) -> ContextMixing {
    var weights = shares
    for row in 0..<layers * length where isClosed(row / length, row % length) {
      for entry in row * length..<(row + 1) * length { weights[entry] = 0 }
    }
    return ContextMixing(layers: layers, length: length, weights: weights)
  }

  /// The mixing among some tokens, of which no one takes anything from the others.
  func restricted(to positions: [Int]) -> ContextMixing {
    guard positions.count != length else { return self }
    let weights = (0..<layers).flatMap { layer in
      positions.flatMap { to in positions.map { from in self[layer, to, from] } }
    }
    return ContextMixing(layers: layers, length: positions.count, weights: weights)
  }
}

/// How the attention probabilities of a layer's heads become one matrix.
public enum HeadAggregation: String, Sendable, CaseIterable {
  case mean, max
}

extension ContextMixing {
  /// Attention with the skip connection: (P + I) with its rows divided by their sums, P the mean or maximum over heads.
  ///
  /// - Parameters:
  ///   - patterns: Attention probabilities (A, n, n), query and key, of each layer.
  ///   - attends: Whether what a token's heads read reaches it; its row of P is zeros otherwise.
  ///   - skips: The same of its skip connection and I.
  public init(
    attention patterns: [Tensor], heads: HeadAggregation,
    attends: (_ layer: Int, _ token: Int) -> Bool = { _, _ in true },
    skips: (_ layer: Int, _ token: Int) -> Bool = { _, _ in true }
  ) {
    let length = patterns.first?.shape.last ?? 0
    var weights: [Double] = []
    weights.reserveCapacity(patterns.count * length * length)
    for pattern in patterns {
      precondition(
        pattern.rank == 3 && pattern.shape[0] > 0 && pattern.shape[1...] == [length, length],
        "attention of \(pattern.shape)")
      weights += pattern.aggregated(heads)
    }
    for row in 0..<patterns.count * length {
      let (layer, token) = (row / length, row % length)
      if !attends(layer, token) { for entry in 0..<length { weights[row * length + entry] = 0 } }
      if skips(layer, token) { weights[row * length + token] += 1 }
    }
    self.init(layers: patterns.count, length: length, weights: weights)
  }
}

extension Tensor {
  /// Mean or maximum over the first dimension.
  fileprivate func aggregated(_ heads: HeadAggregation) -> [Double] {
    let (first, rest) = (self[0], 1..<shape[0])
    var result = first.withUnsafeBufferPointer { $0.map { Double($0) } }
    for head in rest {
      self[head].withUnsafeBufferPointer { values in
        for (i, value) in values.enumerated() {
          result[i] = heads == .mean ? result[i] + Double(value) : Swift.max(result[i], Double(value))
        }
      }
    }
    return heads == .mean ? result.map { $0 / Double(shape[0]) } : result
  }
}
