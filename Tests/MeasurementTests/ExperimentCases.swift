import Attribution
import Transformers

@testable import Measurement

/// A small random model and sentences of different lengths.
enum ExperimentCases {
  static let configuration = TransformerConfiguration(
    layers: 3, hidden: 12, heads: 2, intermediate: 20, vocabulary: 40, maxPositions: 16, padToken: 0)
  static let model = try! Transformer.random(
    configuration: configuration, seed: 5, words: true, classifier: false, deviation: 0.35)
  static let options = AttributionOptions(points: 4)

  static let rows: [ExperimentRow] = (0..<11).map { index in
    let length = 4 + index % 3
    return ExperimentRow(
      ids: (0..<length).map { Int32(2 + (index * 13 + $0 * 7) % 37) },
      types: Array(repeating: 0, count: length),
      target: length / 2,
      quantity: QuantityOfInterest(terms: [
        .init(coefficient: 1, readout: .logit, output: .token(3 + index)),
        .init(coefficient: -1, readout: .logit, output: .token(20 + index)),
      ]),
      baseline: Baseline(.token(1), keep: index == 1 ? [0] : []))
  }

  static func context(
    _ rows: [ExperimentRow] = rows, seed: UInt64 = 3, model: Transformer = model,
    patterns: [Int: SentencePatterns] = [:], level: PatternLevel = .attention
  ) -> ExperimentContext {
    var options = options
    options.level = level
    return ExperimentContext(
      model: model, rows: rows, options: options, seed: seed, patterns: patterns, check: {})
  }

  static func patterns() throws -> [SentencePatterns] {
    var options = options
    options.level = .feedForward
    return try Attributor(model: model).patterns(rows.map(\.input), options: options, check: {})
  }
}

func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
  abs(a - b) <= tolerance * max(1, abs(b))
}
