import ExactText
import Tensors

/// Weights of a model that was never trained, for measurements and tests: the tensors that its family's definition asks for.
///
/// Matrices and biases are about normal with the given deviation, gains of norms likewise around what leaves values as they
/// are. The values depend on the seed and the tensor's name alone.
public struct RandomWeights: WeightSource, Sendable {
  private let shapes: NameTable<[Int]>
  private let seed: UInt64
  private let deviation: Float
  private let gain: Float

  /// - Parameters:
  ///   - words: Whether there is a head that predicts words. A causal model whose head is its word embeddings has one in any
  ///     case.
  ///   - classifier: Whether there is a classifier.
  /// - Throws: ``TransformerFault`` for a configuration of no model.
  public init(
    configuration: TransformerConfiguration, seed: UInt64, words: Bool, classifier: Bool,
    deviation: Float = 0.02
  ) throws {
    let asked = AskedWeights(configuration, words: words, classifier: classifier)
    _ = try Transformer(configuration: configuration, weights: asked)
    (shapes, self.seed, self.deviation) = (asked.shapes, seed, deviation)
    gain = configuration.blocks.norm == .rmsPlusOne ? 0 : 1
  }

  public var names: [String] { shapes.keys.sorted() }

  public func shape(of name: String) -> [Int]? { shapes[name] }

  public func tensor(named name: String) throws -> Tensor {
    guard let shape = shapes[name] else {
      throw TransformerFault.missingTensor(name, shape: [], closest: nil)
    }
    var generator = SplitMix64(state: name.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
    let isGain = shape.count == 1 && name.hasSuffix(".weight")
    let (center, scale) = (isGain ? gain : 0, deviation)
    return Tensor(shape: shape) { values in
      for i in values.indices { values[i] = center + scale * generator.nextNormal() }
    }
  }
}

/// Takes down what is asked for, and gives zeros.
private final class AskedWeights: WeightSource {
  /// Of the tensors that tell which heads there are.
  let names: [String]
  private(set) var shapes: NameTable<[Int]> = [:]

  init(_ c: TransformerConfiguration, words: Bool, classifier: Bool) {
    let definition = c.family.definition
    // A head that is the word embeddings would be another one if it were there.
    let isSaved = words && !(c.isCausal && c.tiesEmbeddings)
    names =
      [definition.prefix + definition.telling[0]] + (isSaved ? [definition.wordHead] : [])
      + (classifier ? definition.classifier : [])
  }

  func expect(_ name: String, _ shape: [Int]) { shapes[name] = shape }

  func shape(of name: String) -> [Int]? { shapes[name] }

  func tensor(named name: String) throws -> Tensor { Tensor(shape: shapes[name] ?? [], repeating: 0) }
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
