import ExactText
import Tensors

/// Weights of a model that was never trained, for measurements and tests.
///
/// Matrices and biases are about normal with the given deviation, layer norm gains likewise around 1. The
/// values depend on the seed and the tensor's name alone.
public struct RandomWeights: WeightSource, Sendable {
  private let shapes: NameTable<[Int]>
  private let seed: UInt64
  private let deviation: Float

  public init(
    configuration: TransformerConfiguration, seed: UInt64, words: Bool, classifier: Bool,
    deviation: Float = 0.02
  ) {
    shapes = Self.shapes(of: configuration, words: words, classifier: classifier)
    self.seed = seed
    self.deviation = deviation
  }

  public var names: [String] { shapes.keys.sorted() }

  public func shape(of name: String) -> [Int]? { shapes[name] }

  public func tensor(named name: String) throws -> Tensor {
    guard let shape = shapes[name] else {
      throw TransformerFault.missingTensor(name, shape: [], closest: nil)
    }
    var generator = SplitMix64(state: name.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
    let center: Float = name.hasSuffix("LayerNorm.weight") ? 1 : 0
    let scale = deviation
    return Tensor(shape: shape) { values in
      for i in values.indices { values[i] = center + scale * generator.nextNormal() }
    }
  }

  private static func shapes(
    of c: TransformerConfiguration, words: Bool, classifier: Bool
  ) -> NameTable<[Int]> {
    var shapes: NameTable = [
      "bert.embeddings.word_embeddings.weight": [c.vocabulary, c.hidden],
      "bert.embeddings.position_embeddings.weight": [c.maxPositions, c.hidden],
      "bert.embeddings.token_type_embeddings.weight": [c.types, c.hidden],
    ]
    func add(_ name: String, _ shape: [Int]) {
      shapes[name + ".weight"] = shape
      shapes[name + ".bias"] = [shape[0]]
    }
    add("bert.embeddings.LayerNorm", [c.hidden])
    for layer in 0..<c.layers {
      let name = "bert.encoder.layer.\(layer)"
      for part in ["self.query", "self.key", "self.value", "output.dense"] {
        add("\(name).attention.\(part)", [c.hidden, c.hidden])
      }
      add("\(name).attention.output.LayerNorm", [c.hidden])
      add("\(name).intermediate.dense", [c.intermediate, c.hidden])
      add("\(name).output.dense", [c.hidden, c.intermediate])
      add("\(name).output.LayerNorm", [c.hidden])
    }
    if words {
      add("cls.predictions.transform.dense", [c.hidden, c.hidden])
      add("cls.predictions.transform.LayerNorm", [c.hidden])
      shapes["cls.predictions.bias"] = [c.vocabulary]
    }
    if classifier {
      add("bert.pooler.dense", [c.hidden, c.hidden])
      add("classifier", [c.labels.count, c.hidden])
    }
    return shapes
  }
}

/// Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
package struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  package init(state: UInt64) { self.state = state }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Mean 0, variance 1: the sum of four uniform numbers, which is close to normal within 2 deviations.
  mutating func nextNormal() -> Float {
    let bits = next()
    let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48)
    return (Float(sum) / 65535 - 2) * Float(3).squareRoot()
  }
}
