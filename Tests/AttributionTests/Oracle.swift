import Attribution
import Transformers
import Foundation
import Tensors

/// A number and its derivative with respect to the place on the path.
struct Dual {
  var value: Double
  var slope: Double

  static func + (a: Dual, b: Dual) -> Dual { Dual(value: a.value + b.value, slope: a.slope + b.slope) }
  static func - (a: Dual, b: Dual) -> Dual { Dual(value: a.value - b.value, slope: a.slope - b.slope) }
  static func * (a: Dual, b: Dual) -> Dual {
    Dual(value: a.value * b.value, slope: a.slope * b.value + a.value * b.slope)
  }
  static func / (a: Dual, b: Dual) -> Dual { a * b.map { (1 / $0, -1 / ($0 * $0)) } }

  /// A function of one variable, given its value and derivative.
  func map(_ function: (Double) -> (Double, Double)) -> Dual {
    let (result, derivative) = function(value)
    return Dual(value: result, slope: derivative * slope)
  }

  var exponential: Dual { map { (exp($0), exp($0)) } }
  /// The same number, not moving.
  var stopped: Dual { Dual(value: value, slope: 0) }
}

extension Double {
  var dual: Dual { Dual(value: self, slope: 0) }
}

/// Which nodes let a derivative through; everything is open unless said otherwise.
struct OracleMask {
  var word: Int?
  var hidden: [Int: Set<Int>] = [:]
  /// Layer to pairs of position and head.
  var heads: [Int: Set<[Int]>] = [:]
  var skips: [Int: Set<Int>] = [:]
  /// Queries, keys and values by layer.
  var projected: [Int: Set<Node>] = [:]

  init(word: Int?) { self.word = word }

  init(_ pattern: PathPattern) {
    word = pattern.word
    for node in pattern.nodes {
      let position = node.position ?? -1
      switch (node.component, node.layer) {
      case (.embedding, _): hidden[0, default: []].insert(position)
      case (.block, let layer?): hidden[layer + 1, default: []].insert(position)
      case (.head(let head), let layer?):
        heads[layer, default: []].insert([position, head])
        skips[layer, default: []].formUnion([])
      case (.skip, let layer?):
        skips[layer, default: []].insert(position)
        heads[layer, default: []].formUnion([])
      case (.query, let layer?), (.key, let layer?), (.value, let layer?):
        projected[layer, default: []].insert(node)
        skips[layer, default: []].formUnion([])
      default: preconditionFailure("\(node.name) is no node of a pattern")
      }
    }
  }
}

/// The definition of an influence, in dual numbers over Double: at each point of the path one forward pass in which
/// the derivative is stopped at every closed node. Slow; shares no code with the engine.
struct Oracle {
  let configuration: TransformerConfiguration
  let input: AttributionInput
  let points: [(alpha: Double, weight: Double)]
  private var weights: [String: [Double]] = [:]

  init(
    _ configuration: TransformerConfiguration, _ source: some WeightSource, _ input: AttributionInput,
    points: [(alpha: Double, weight: Double)]
  ) throws {
    (self.configuration, self.input, self.points) = (configuration, input, points)
    for name in source.names { weights[name] = try source.tensor(named: name).values.map(Double.init) }
  }

  private func weight(_ name: String) -> [Double] {
    guard let values = weights[name] else { fatalError("no weight \(name)") }
    return values
  }

  /// sum_k w_k dQ(alpha_k)/dalpha, restricted.
  func influence(_ mask: OracleMask) -> Double {
    points.reduce(0) { $0 + $1.weight * quantity($1.alpha, mask).slope }
  }

  func quantity(_ alpha: Double, _ mask: OracleMask) -> Dual {
    var h = embeddings(alpha, mask)
    h = close(h, mask, row: 0)
    for layer in 0..<configuration.layers {
      h = block(layer, h, mask)
      h = close(h, mask, row: layer + 1)
    }
    return read(h[input.target])
  }

  private func close(_ h: [[Dual]], _ mask: OracleMask, row: Int) -> [[Dual]] {
    guard let open = mask.hidden[row] else { return h }
    return h.indices.map { open.contains($0) ? h[$0] : h[$0].map(\.stopped) }
  }

  private func embeddings(_ alpha: Double, _ mask: OracleMask) -> [[Dual]] {
    let d = configuration.hidden
    func row(_ name: String, _ index: Int) -> ArraySlice<Double> {
      weight("bert.embeddings.\(name)_embeddings.weight")[index * d..<(index + 1) * d]
    }
    return input.ids.indices.map { i in
      let end = Array(row("word", Int(input.ids[i])))
      var start = end
      if !input.baseline.keep.contains(i) {
        switch input.baseline.content {
        case .token(let token): start = Array(row("word", token))
        case .tokens(let tokens): start = Array(row("word", Int(tokens[i])))
        case .zero: start = Array(repeating: 0, count: d)
        }
      }
      let rest = zip(row("position", i), row("token_type", Int(input.types[i]))).map(+)
      let moves = mask.word.map { $0 == i } ?? true
      let sum = (0..<d).map { c in
        Dual(
          value: start[c] + alpha * (end[c] - start[c]) + rest[c], slope: moves ? end[c] - start[c] : 0)
      }
      return replaced(norm(sum, "bert.embeddings.LayerNorm"), .embedding, layer: nil, at: i)
    }
  }

  private func block(_ layer: Int, _ h: [[Dual]], _ mask: OracleMask) -> [[Dual]] {
    let name = "bert.encoder.layer.\(layer)"
    let parts = ["query", "key", "value"].map { part in h.map { dense($0, "\(name).attention.self.\(part)") }
    }
    let (q, k, v) = (
      close(parts[0], mask, layer) { .query($0) }, close(parts[1], mask, layer) { .key($0) },
      close(parts[2], mask, layer) { .value($0) }
    )
    return h.indices.map { i in
      var context: [Dual] = []
      for head in 0..<configuration.heads {
        let z = attend(i, head, q, k, v)
        let isOpen = mask.heads[layer].map { $0.contains([i, head]) } ?? true
        context += replaced(isOpen ? z : z.map(\.stopped), .head(head), layer: layer, at: i)
      }
      let skipIsOpen = mask.skips[layer].map { $0.contains(i) } ?? true
      let skip = replaced(skipIsOpen ? h[i] : h[i].map(\.stopped), .skip, layer: layer, at: i)
      let attention = replaced(
        dense(context, "\(name).attention.output.dense"), .attention, layer: layer, at: i)
      let u = norm(zip(attention, skip).map(+), "\(name).attention.output.LayerNorm")
      let inner = dense(u, "\(name).intermediate.dense").map(activation).enumerated().flatMap {
        replaced([$1], .neuron($0), layer: layer, at: i)
      }
      let wide = replaced(dense(inner, "\(name).output.dense"), .feedForward, layer: layer, at: i)
      return replaced(norm(zip(wide, u).map(+), "\(name).output.LayerNorm"), .block, layer: layer, at: i)
    }
  }

  private func close(
    _ x: [[Dual]], _ mask: OracleMask, _ layer: Int, part: (Int) -> Node.Component
  ) -> [[Dual]] {
    guard let open = mask.projected[layer] else { return x }
    let size = configuration.hidden / configuration.heads
    return x.enumerated().map { position, values in
      values.enumerated().map { column, value in
        let node = Node(layer: layer, component: part(column / size), position: position)
        return open.contains(node) ? value : value.stopped
      }
    }
  }

  /// What stands in place of a node's value; the value itself when nothing does.
  private func replaced(
    _ value: [Dual], _ component: Node.Component, layer: Int?, at position: Int
  ) -> [Dual] {
    let found = input.interventions.replacements.last {
      $0.node.component == component && $0.node.layer == layer && ($0.node.position ?? position) == position
    }
    return switch found?.value {
    case nil: value
    case .zero: value.map { _ in 0.dual }
    case .vector(let values): values.values.map { Double($0).dual }
    case .positions(let rows): rows[position].values.map { Double($0).dual }
    }
  }

  private func attend(_ i: Int, _ head: Int, _ q: [[Dual]], _ k: [[Dual]], _ v: [[Dual]]) -> [Dual] {
    let size = configuration.hidden / configuration.heads
    let columns = head * size..<(head + 1) * size
    let scale = (1 / Double(size).squareRoot()).dual
    let scores = k.indices.map { j in
      columns.reduce(0.dual) { $0 + q[i][$1] * k[j][$1] } * scale
    }
    let weights = scores.indices.map { input.mask[$0] ? scores[$0].exponential : 0.dual }
    let total = weights.reduce(0.dual, +)
    return columns.map { c in weights.indices.reduce(0.dual) { $0 + weights[$1] * v[$1][c] } / total }
  }

  private func read(_ h: [Dual]) -> Dual {
    let logits: [Dual]
    if input.quantity.readsLabels {
      logits = dense(
        dense(h, "bert.pooler.dense").map { $0.map { (tanh($0), 1 - tanh($0) * tanh($0)) } }, "classifier")
    } else {
      let inner = norm(
        dense(h, "cls.predictions.transform.dense").map(activation), "cls.predictions.transform.LayerNorm")
      logits = product(
        inner, weight("bert.embeddings.word_embeddings.weight"), weight("cls.predictions.bias"))
    }
    let normalizer = logits.map(\.exponential).reduce(0.dual, +).map { (log($0), 1 / $0) }
    return input.quantity.terms.reduce(0.dual) { sum, term in
      let index =
        switch term.output {
        case .token(let index), .label(let index): index
        }
      let value =
        switch term.readout {
        case .logit: logits[index]
        case .logProbability: logits[index] - normalizer
        case .probability: (logits[index] - normalizer).exponential
        }
      return sum + term.coefficient.dual * value
    }
  }

  private func dense(_ x: [Dual], _ name: String) -> [Dual] {
    product(x, weight(name + ".weight"), weight(name + ".bias"))
  }

  private func product(_ x: [Dual], _ matrix: [Double], _ bias: [Double]) -> [Dual] {
    bias.indices.map { row in
      var sum = bias[row].dual
      for c in x.indices {
        let factor = matrix[row * x.count + c]
        sum.value += x[c].value * factor
        sum.slope += x[c].slope * factor
      }
      return sum
    }
  }

  private func norm(_ x: [Dual], _ name: String) -> [Dual] {
    let count = Double(x.count).dual
    let mean = x.reduce(0.dual, +) / count
    let centered = x.map { $0 - mean }
    let variance = centered.reduce(0.dual) { $0 + $1 * $1 } / count
    let deviation = (variance + Double(configuration.epsilon).dual).map {
      ($0.squareRoot(), 0.5 / $0.squareRoot())
    }
    let (gain, shift) = (weight(name + ".weight"), weight(name + ".bias"))
    return x.indices.map { centered[$0] / deviation * gain[$0].dual + shift[$0].dual }
  }

  private func activation(_ x: Dual) -> Dual {
    switch configuration.activation {
    case .silu, .tanh: preconditionFailure("no BERT has \(configuration.activation)")
    case .relu: return x.map { $0 > 0 ? ($0, 1) : (0, 0) }
    case .gelu:
      return x.map { x in
        let share = (1 + erf(x / 2.0.squareRoot())) / 2
        return (x * share, share + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot())
      }
    case .geluNew:
      return x.map { x in
        let c = (2 / Double.pi).squareRoot()
        let t = tanh(c * (x + 0.044715 * x * x * x))
        return (x * (1 + t) / 2, (1 + t) / 2 + x * (1 - t * t) * c * (1 + 3 * 0.044715 * x * x) / 2)
      }
    }
  }
}

extension Oracle {
  /// What guided pattern refinement finds for a word, step by step as it is defined.
  struct Found {
    var influence = 0.0
    var sign = 1.0
    var nodes: [Int] = []
    var steps: [[Double]] = []
    var choices: [Int] = []
    var heads: [[Double]] = []
    var skips: [Double] = []
  }

  func refine(word: Int) -> Found {
    var found = Found()
    var mask = OracleMask(word: word)
    found.influence = influence(mask)
    found.sign = found.influence < 0 ? -1 : 1
    found.nodes = [word]
    for row in 1..<configuration.layers {
      let values = input.ids.indices.map { j in
        mask.hidden[row] = [j]
        return found.sign * influence(mask)
      }
      let best = values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
      mask.hidden[row] = [best]
      found.nodes.append(best)
      found.steps.append(values)
    }
    found.nodes.append(input.target)
    mask.hidden[configuration.layers] = [input.target]
    for layer in 0..<configuration.layers { refine(layer, &mask, &found) }
    return found
  }

  private func refine(_ layer: Int, _ mask: inout OracleMask, _ found: inout Found) {
    let node = found.nodes[layer + 1]
    mask.skips[layer] = []
    let heads = (0..<configuration.heads).map { head in
      mask.heads[layer] = [[node, head]]
      return found.sign * influence(mask)
    }
    (mask.heads[layer], mask.skips[layer]) = ([], [node])
    let skip = found.sign * influence(mask)
    let best = heads.indices.reduce(0) { heads[$1] > heads[$0] ? $1 : $0 }
    if heads[best] > skip { (mask.heads[layer], mask.skips[layer]) = ([[node, best]], []) }
    found.choices.append(heads[best] > skip ? best : -1)
    found.heads.append(heads)
    found.skips.append(skip)
  }
}
