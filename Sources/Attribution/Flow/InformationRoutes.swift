import Faults
import Tensors
import Transformers

/// A part of what a token's state after a branch is made of.
public struct FlowEdge: Sendable, Equatable {
  public let layer: Int
  /// A head, or the skip connection of the attention branch; the feed-forward branch or its skip connection.
  public let component: Node.Component
  public let from: Int
  public let to: Int
  /// Its share of the sum; those of a state add up to 1.
  public let importance: Double
}

/// Which parts the states of pre-norm models are sums of, and how much each matters.
///
/// Ferrando, Voita, "Information Flow Routes: Automatically Interpreting Language Models at Scale", EMNLP 2024, section 2. The
/// state of token i after a layer's attention is x_i, and P_ij^m v_j^m W_O^m for each head m and token j, and a bias; after the
/// feed-forward branch it is y_i and the branch's output. The importance of a part is its ``proximity(_:size:to:share:count:)`` to
/// the sum, divided by that of all parts. Parts of at most the threshold are left out, and the others divided again, as the
/// authors' tool does by default. (The tool puts 1e-5 in place of proximities below that.)
struct InformationRoutes {
  /// Of one layer.
  struct Layer {
    /// (n, A, n): token, head, source.
    var heads: [Double]
    /// (n) each.
    var skips: [Double]
    var feedForwards: [Double]
    var feedForwardSkips: [Double]
  }

  let layers: [Layer]
  private let pass: FlowPass

  /// - Precondition: the model's states are such sums: ``FlowMethod/check(_:_:)``.
  init(_ pass: FlowPass, threshold: Double, check: InterruptionCheck, progress: Progress) throws {
    self.pass = pass
    layers = try (0..<pass.layers).map { layer in
      defer { progress.advance() }
      return try Self.layer(layer, pass, threshold, check)
    }
  }

  /// One for a check, whose numbers mean nothing.
  init(formOf pass: FlowPass) {
    self.pass = pass
    let (n, heads) = (pass.length, pass.model.configuration.heads)
    let none = [Double](repeating: 0, count: n)
    layers = Array(
      repeating: Layer(
        heads: [Double](repeating: 0, count: n * heads * n), skips: none, feedForwards: none,
        feedForwardSkips: none), count: pass.layers)
  }

  private static func layer(
    _ index: Int, _ pass: FlowPass, _ threshold: Double, _ check: InterruptionCheck
  ) throws -> Layer {
    let (n, heads, d) = (pass.length, pass.model.configuration.heads, pass.model.configuration.hidden)
    let none = [Double](repeating: 0, count: n)
    var layer = Layer(
      heads: [Double](repeating: 0, count: n * heads * n), skips: none, feedForwards: none,
      feedForwardSkips: none)
    let sums = AttentionSums(pass, index, try pass.transformedValues(layer: index, check))
    let (mid, out, branch) = (
      pass.activation(.residMid, layer: index), pass.activation(.residPost, layer: index),
      pass.activation(.mlpOut, layer: index)
    )
    for to in pass.positions {
      try check()
      let parts = normalized(sums.proximities(to: to), above: threshold)
      for (place, value) in parts.dropLast().enumerated() { layer.heads[to * heads * n + place] = value }
      layer.skips[to] = parts[heads * n]
      let (y, h) = (mid.pointer + to * d, out.pointer + to * d)
      let size = distance(h, h, share: 0, count: d)
      func part(_ component: Node.Component, _ x: Floats) -> Double {
        pass.replaces(component, layer: index, position: to) ? 0 : proximity(h, size: size, to: x, count: d)
      }
      let branches = normalized(
        [part(.feedForward, branch.pointer + to * d), part(.feedForwardSkip, y)], above: threshold)
      (layer.feedForwards[to], layer.feedForwardSkips[to]) = (branches[0], branches[1])
    }
    withExtendedLifetime((mid, out, branch)) {}
    return layer
  }

  /// Divided by the sum, without those of at most the threshold, and divided again; NaN stays NaN.
  private static func normalized(_ parts: [Double], above threshold: Double) -> [Double] {
    func divided(_ parts: [Double]) -> [Double] {
      let sum = parts.reduce(0, +)
      return sum == 0 ? parts : parts.map { $0 / sum }
    }
    return divided(divided(parts).map { $0 <= threshold ? 0 : $0 })
  }

  /// What each token has of each other, all heads and the skip connection together; of a token of which neither the
  /// feed-forward branch nor what goes past it comes from anything, nothing.
  var mixing: ContextMixing {
    let (n, heads) = (pass.length, pass.model.configuration.heads)
    var weights: [Double] = []
    for layer in layers {
      for to in 0..<n {
        var row = (0..<n).map { from in
          (0..<heads).reduce(0) { $0 + layer.heads[(to * heads + $1) * n + from] }
        }
        row[to] += layer.skips[to]
        let goesOn = layer.feedForwards[to] + layer.feedForwardSkips[to] != 0
        weights += goesOn ? row : row.map { $0.isNaN ? $0 : 0 }
      }
    }
    return ContextMixing(layers: layers.count, length: n, weights: weights)
  }

  /// The edges over which anything reaches `target`, layer by layer from the last.
  func edges(to target: Int) -> [FlowEdge] {
    let (n, heads) = (pass.length, pass.model.configuration.heads)
    var (edges, reached) = ([FlowEdge](), [target])
    for (index, layer) in layers.enumerated().reversed() {
      var next: Set<Int> = []
      func add(_ component: Node.Component, _ from: Int, _ to: Int, _ importance: Double) -> Bool {
        guard !(importance <= 0) else { return false }
        edges.append(FlowEdge(layer: index, component: component, from: from, to: to, importance: importance))
        return true
      }
      for to in reached where !pass.replaces(.block, layer: index, position: to) {
        let branches = [
          add(.feedForward, to, to, layer.feedForwards[to]),
          add(.feedForwardSkip, to, to, layer.feedForwardSkips[to]),
        ]
        guard branches.contains(true) else { continue }
        for place in 0..<heads * n
        where add(.head(place / n), place % n, to, layer.heads[to * heads * n + place]) {
          next.insert(place % n)
        }
        if add(.skip, to, to, layer.skips[to]) { next.insert(to) }
      }
      reached = next.sorted()
    }
    return edges
  }
}

/// The sums after one layer's attention.
private struct AttentionSums {
  private let pass: FlowPass
  private let layer: Int
  /// (n, A, d)
  private let values: Storage
  private let isOpen: [Float]
  private let input: Tensor
  private let output: Tensor
  private let pattern: Tensor

  init(_ pass: FlowPass, _ layer: Int, _ values: Storage) {
    (self.pass, self.layer, self.values) = (pass, layer, values)
    isOpen = pass.openHeads(layer: layer)
    input = pass.activation(.residPre, layer: layer)
    output = pass.activation(.residMid, layer: layer)
    pattern = pass.activation(.pattern, layer: layer)
  }

  /// (A n + 1): of each head and source, and of the skip connection.
  func proximities(to: Int) -> [Double] {
    let (n, heads, d) = (pass.length, pass.model.configuration.heads, pass.model.configuration.hidden)
    let y = output.pointer + to * d
    let size = distance(y, y, share: 0, count: d)
    var result = [Double](repeating: 0, count: heads * n + 1)
    for head in 0..<heads where isOpen[to * heads + head] != 0 {
      for from in pass.positions {
        let share = pattern.pointer[(head * n + to) * n + from]
        guard share != 0 else { continue }
        result[head * n + from] = proximity(
          y, size: size, to: values.base + (from * heads + head) * d, share: share, count: d)
      }
    }
    if !pass.replaces(.skip, layer: layer, position: to) {
      result[heads * n] = proximity(y, size: size, to: input.pointer + to * d, count: d)
    }
    withExtendedLifetime((values, input, output, pattern)) {}
    return result
  }
}
