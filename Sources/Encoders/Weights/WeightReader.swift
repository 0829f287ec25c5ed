import ExactText
import Faults
import Tensors

/// Finds a model's tensors in a checkpoint under the names that different versions gave them.
struct WeightReader<Source: WeightSource> {
  let source: Source
  let names: NameList
  /// `bert.` where the encoder is part of a model with heads.
  private let prefix: String

  init(_ source: Source) {
    self.source = source
    names = NameList(source.names)
    prefix = names.contains { $0.hasPrefix("bert.") } ? "bert." : ""
  }

  /// Whether the names are those of BERT's embeddings and first layer.
  var isBERTs: Bool {
    ["word", "position", "token_type"].allSatisfy { hasEncoderTensor("embeddings.\($0)_embeddings.weight") }
      && hasEncoderTensor("encoder.layer.0.attention.self.query.weight")
  }

  func contains(prefix: String) -> Bool { names.contains { $0.hasPrefix(prefix) } }

  func encoderShape(_ name: String) -> [Int]? { source.shape(of: prefix + name) }

  /// The full name of a tensor of the encoder.
  func encoderName(_ name: String) -> String { prefix + name }

  func hasEncoderTensor(_ name: String) -> Bool { names.contains(prefix + name) }

  func has(_ name: String) -> Bool { names.contains(name) }

  /// A tensor of the encoder, `name` without `bert.`.
  func encoder(_ name: String, _ shape: [Int]) throws -> Tensor { try tensor(prefix + name, shape) }

  /// A tensor of which `shape` is required.
  func tensor(_ name: String, _ shape: [Int]) throws -> Tensor {
    guard let found = source.shape(of: name) else {
      throw EncoderFault.missingTensor(name, shape: shape, closest: likeliest(name))
    }
    guard found == shape else { throw EncoderFault.wrongShape(name, expected: shape, found: found) }
    return try source.tensor(named: name)
  }

  /// The tensor that may have been meant: one of the same layer, since the next layer's is always close.
  private func likeliest(_ name: String) -> String? {
    let digits = name.filter(\.isNumber)
    return closest(to: name, in: names.filter { $0.filter(\.isNumber) == digits }.sorted())
  }

  /// `name.weight` (outputs, inputs) and `name.bias` (outputs) of the encoder or, with `isHead`, of a head.
  func linear(_ name: String, outputs: Int, inputs: Int, isHead: Bool = false) throws -> Linear {
    let full = isHead ? name : prefix + name
    return Linear(
      weight: try tensor(full + ".weight", [outputs, inputs]), bias: try tensor(full + ".bias", [outputs]))
  }

  /// A layer norm; checkpoints converted from the original code call weight and bias gamma and beta.
  func layerNorm(_ name: String, width: Int, epsilon: Float, isHead: Bool = false) throws -> LayerNorm {
    let full = isHead ? name : prefix + name
    let isLegacy = names.contains(full + ".gamma")
    return LayerNorm(
      gain: try tensor(full + (isLegacy ? ".gamma" : ".weight"), [width]),
      shift: try tensor(full + (isLegacy ? ".beta" : ".bias"), [width]), epsilon: epsilon)
  }
}
