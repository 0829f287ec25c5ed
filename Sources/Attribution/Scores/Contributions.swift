import Faults
import Tensors
import Transformers

/// Direct logit attribution: what each part of a pre-norm model adds to the quantity at the target, past all others.
///
/// With the scale of the final norm as it is, the quantity is linear in the stream, and the stream is a sum: of h^0, of what heads
/// and feed-forward branches write, and of the biases of attention. So the parts add up to the quantity. Elhage et al., "A
/// Mathematical Framework for Transformer Circuits", 2021; "direct logit attribution" in Wang et al., ICLR 2023.
public struct Contributions: Sendable, Equatable {
  public let embedding: Double
  /// (L, A)
  public let heads: [[Double]]
  /// (L)
  public let feedForwards: [Double]
  /// (L, I): the neurons of each feed-forward branch, without its bias; empty where not asked for.
  public let neurons: [[Double]]
  /// Biases of the attention branches' outputs, and what else is in the stream: values that interventions put there.
  public let biases: Double
  /// Of the final norm and of the output head.
  public let head: Double
  /// Q, from the model's own forward pass.
  public let quantity: Double

  public var sum: Double {
    embedding + heads.joined().reduce(0, +) + feedForwards.reduce(0, +) + biases + head
  }
}

/// Why a model or a quantity has no contributions.
public enum ContributionFault: Fault, Equatable {
  case postNorm(family: String)
  case normedBranches(family: String)
  case transformedHead(family: String)
  case cappedLogits(family: String)
  case notLinear
  case replaced(Node)

  public var code: String { "contributions-undefined" }

  public var message: String {
    switch self {
    case .postNorm(let family):
      "direct contributions are not defined for \(family): its norms come after the sums, so what a part adds does not reach the "
        + "output as it is"
    case .normedBranches(let family):
      "direct contributions are not defined for \(family): its branches are normed before they are added"
    case .transformedHead(let family):
      "direct contributions are not defined for \(family): its output head is not one linear map"
    case .cappedLogits(let family): "direct contributions are not defined for \(family): it caps its logits"
    case .notLinear: "the quantity is not linear in the logits"
    case .replaced(let node):
      "\(node.name) is replaced, so that what is written before it does not reach the output as it is"
    }
  }

  public var remedy: String? {
    switch self {
    case .replaced: "undo that with `restore`; replaced heads, neurons and feed-forward branches may stay"
    case .notLinear: "take logits, or log-probabilities whose weights add up to 0: `qoi A - B`"
    default: "`attribute` and `patterns` follow the influence through what lies between"
    }
  }
}

extension Transformer {
  /// - Parameters:
  ///   - withNeurons: also of each neuron
  /// - Throws: ``ContributionFault``.
  /// - Complexity: a forward pass.
  public func contributions(
    to quantity: QuantityOfInterest, at target: Int, ids: [Int32], types: [Int32],
    interventions: Interventions = .none, withNeurons: Bool = false, check: @escaping InterruptionCheck
  ) throws -> Plan<Contributions> {
    let direction = try direction(of: quantity)
    for node in interventions.replacements.map(\.node) where !node.leavesSummands(ofNeurons: withNeurons) {
      throw ContributionFault.replaced(node)
    }
    let layers = 0..<configuration.layers
    var sites: [Site] = [Site(.embed), .hidden(row: configuration.layers)]
    for layer in layers {
      sites += [Site(.z, layer: layer), Site(.mlpOut, layer: layer)]
      if withNeurons { sites.append(Site(.mlpPost, layer: layer)) }
    }
    let batch = TokenBatch(
      ids: ids, types: types, mask: ids.map { _ in true }, rows: 1, length: ids.count)
    let request = ForwardRequest(
      capture: Set(sites), quantities: [(0, target, quantity)], interventions: [interventions])
    let pass = try plan(batch, request, check: check)
    return Plan(
      work: { pass.work },
      form: {
        Readings(self, pass.form.activations, target, direction, {}).empty(withNeurons: withNeurons)
      },
      run: {
        let result = try pass.run()
        return try Readings(self, result.activations, target, direction, check).contributions(
          result.quantities.first ?? 0, withNeurons: withNeurons)
      })
  }

  /// What of the normed last state the quantity is made of: (d), and the bias.
  private func direction(of quantity: QuantityOfInterest) throws -> (weights: [Double], bias: Double) {
    let (blocks, family) = (configuration.blocks, configuration.family.rawValue)
    guard blocks.order != .postNorm else { throw ContributionFault.postNorm(family: family) }
    guard !blocks.normsBranches else { throw ContributionFault.normedBranches(family: family) }
    let head = try head(for: quantity)
    guard head.transform == nil else { throw ContributionFault.transformedHead(family: family) }
    guard head.cap == 0 else { throw ContributionFault.cappedLogits(family: family) }
    guard let coefficients = quantity.logitCoefficients else { throw ContributionFault.notLinear }
    var weights = [Double](repeating: 0, count: configuration.hidden)
    var bias = 0.0
    for (index, coefficient) in coefficients {
      let row = head.decoder.weight.pointer + index * weights.count
      for c in weights.indices { weights[c] += coefficient * Double(row[c]) }
      bias += coefficient * Double(head.decoder.bias.pointer[index])
    }
    return (weights, bias)
  }
}

extension Node {
  /// Whether parts still add up to the stream, each by itself, when this is replaced.
  fileprivate func leavesSummands(ofNeurons: Bool) -> Bool {
    switch component {
    case .embedding, .head, .neuron, .query, .key, .value: true
    case .feedForward: !ofNeurons
    case .block, .skip, .attention, .feedForwardSkip: false
    }
  }
}

/// The summands of the stream at one token, read along the direction that the quantity has there.
private struct Readings {
  private let model: Transformer
  private let activations: [Site: Tensor]
  private let target: Int
  /// (d): the quantity is the product of the last state with this, and `constant`.
  private var weights: [Float]
  private var constant: Double
  private let check: InterruptionCheck

  init(
    _ model: Transformer, _ activations: [Site: Tensor], _ target: Int,
    _ direction: (weights: [Double], bias: Double), _ check: @escaping InterruptionCheck
  ) {
    (self.model, self.activations, self.target, self.check) = (model, activations, target, check)
    constant = direction.bias
    guard let norm = model.finalNorm else {
      weights = direction.weights.map(Float.init)
      return
    }
    weights = []
    let state = row(.hidden(row: model.configuration.layers), width: norm.width)
    let values = (0..<norm.width).map { Double(state[$0]) }
    let mean = norm.isCentred ? values.reduce(0, +) / Double(norm.width) : 0
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(norm.width)
    let scale = 1 / (square + Double(norm.epsilon)).squareRoot()
    var own = zip(direction.weights, norm.gain.values).map { $0 * Double($1) * scale }
    if norm.isCentred {
      let middle = own.reduce(0, +) / Double(own.count)
      own = own.map { $0 - middle }
    }
    weights = own.map(Float.init)
    if let shift = norm.shift {
      constant += zip(direction.weights, shift.values).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
  }

  private func row(_ site: Site, width: Int) -> Floats {
    guard let tensor = activations[site] else { preconditionFailure("\(site.name) was not captured") }
    return Floats(tensor.pointer + target * width)
  }

  private func value(_ site: Site) -> Double {
    dots(row(site, width: weights.count), weights, parts: 1, width: weights.count)[0]
  }

  /// Of the form of the result.
  func empty(withNeurons: Bool) -> Contributions {
    let c = model.configuration
    func zeros(_ count: Int) -> [Double] { Array(repeating: 0, count: count) }
    return Contributions(
      embedding: 0, heads: (0..<c.layers).map { _ in zeros(c.heads) }, feedForwards: zeros(c.layers),
      neurons: withNeurons ? (0..<c.layers).map { _ in zeros(c.intermediate) } : [], biases: 0, head: 0,
      quantity: 0)
  }

  func contributions(_ quantity: Double, withNeurons: Bool) throws -> Contributions {
    let layers = 0..<model.configuration.layers
    let (embedding, heads) = (value(Site(.embed)), try layers.map(heads))
    let feedForwards = layers.map { value(Site(.mlpOut, layer: $0)) }
    let whole = value(.hidden(row: layers.count))
    return Contributions(
      embedding: embedding, heads: heads, feedForwards: feedForwards,
      neurons: withNeurons ? try layers.map(neurons) : [],
      biases: whole - embedding - heads.joined().reduce(0, +) - feedForwards.reduce(0, +), head: constant,
      quantity: quantity)
  }

  private func heads(_ layer: Int) throws -> [Double] {
    let branch = model.blocks[layer].attention
    let width = branch.queryWidth
    let own = try through(branch.output)
    return dots(row(Site(.z, layer: layer), width: width), own, parts: branch.heads.heads, width: width)
  }

  private func neurons(_ layer: Int) throws -> [Double] {
    let branch = model.blocks[layer].feedForward
    let width = branch.intermediate
    let own = try through(branch.down)
    return dots(row(Site(.mlpPost, layer: layer), width: width), own, parts: width, width: width)
  }

  /// What each input of a product counts for: (inputs).
  private func through(_ linear: Linear) throws -> [Float] {
    let result = Storage(uninitializedCount: linear.inputs)
    try linear.multiplyTransposed(weights, rows: 1, into: result.base, check: check)
    return Array(UnsafeBufferPointer(start: result.base, count: linear.inputs))
  }
}
