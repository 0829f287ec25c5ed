import Attribution
import Transformers
import Testing

/// A random model, small enough for the oracle; no size is a multiple of a vector.
struct RandomCase: CustomTestStringConvertible, Sendable {
  let activation: Activation
  let isClassifier: Bool
  let quadrature: Quadrature
  let readout: QuantityOfInterest.Readout
  var layers = 3

  var testDescription: String {
    "\(activation), \(isClassifier ? "classifier" : "masked LM"), \(quadrature), \(readout)"
  }

  var configuration: TransformerConfiguration {
    TransformerConfiguration(
      layers: layers, hidden: 10, heads: 2, intermediate: 14, vocabulary: 23, maxPositions: 40, types: 2,
      activation: activation, labels: ["no", "yes", "maybe"])
  }

  var weights: RandomWeights {
    get throws {
      try RandomWeights(
        configuration: configuration, seed: 11, words: !isClassifier, classifier: isClassifier,
        deviation: 0.3)
    }
  }

  func model() throws -> Transformer { try Transformer(configuration: configuration, weights: weights) }

  var quantity: QuantityOfInterest {
    let outputs = isClassifier ? [QuantityOfInterest.Output.label(0), .label(2)] : [.token(5), .token(17)]
    return QuantityOfInterest(terms: [
      .init(coefficient: 1, readout: readout, output: outputs[0]),
      .init(coefficient: -0.5, readout: readout, output: outputs[1]),
    ])
  }

  /// A sentence of `length` tokens, of which the first does not move.
  func input(length: Int, seed: Int = 0) -> AttributionInput {
    AttributionInput(
      ids: (0..<length).map { Int32(($0 * 7 + seed * 3 + 2) % 23) },
      types: (0..<length).map { $0 * 2 < length ? 0 : 1 }, target: isClassifier ? 0 : length / 2,
      quantity: quantity,
      baseline: seed.isMultiple(of: 2) ? Baseline(.token(4), keep: [0]) : Baseline(.zero))
  }

  /// Every activation, head, quadrature and readout at least once.
  static let all: [RandomCase] = [
    RandomCase(activation: .gelu, isClassifier: false, quadrature: .uniform, readout: .logit),
    RandomCase(activation: .gelu, isClassifier: true, quadrature: .gauss, readout: .probability),
    RandomCase(activation: .geluNew, isClassifier: false, quadrature: .gauss, readout: .logProbability),
    RandomCase(activation: .geluNew, isClassifier: true, quadrature: .uniform, readout: .logit),
    RandomCase(activation: .relu, isClassifier: false, quadrature: .uniform, readout: .probability),
    RandomCase(activation: .relu, isClassifier: true, quadrature: .gauss, readout: .logProbability),
  ]
}
