import Attribution
import Checkpoints
import Transformers
import FixtureFiles
import Foundation
import Tensors

/// A case of the golden files: numbers of an independent float64 program. See their README for the fields.
struct GoldenCase: Decodable {
  struct Embedding: Decodable {
    let word: Int
    let sign: Int
    let nodes: [[Int]]
    let infl: [[Double]]
    let influence: Double
  }

  struct Attention: Decodable {
    let word: Int
    let node: [Int]
    let choice: [Int]
    let head_infl: [[Double]]
    let skip_infl: [Double]
    let selected: [Double]
    let influence: Double
  }

  struct Conductance: Decodable {
    let embedding: [[Double]]
    let head: [[[Double]]]
  }

  let text: String
  let tokens: [String]
  let ids: [Int32]
  let mask: [Int]
  let target: Int
  let pair: [Int]
  let K: Int
  let baseline: String
  let width: Int
  let qoi_input: Double
  let qoi_baseline: Double
  let words: [Int]
  let input_influence: [Double]
  let embedding: [Embedding]
  let attention: [Attention]?
  let conductance: Conductance?

  func input(isClassifier: Bool) -> AttributionInput {
    let outputs = pair.map { isClassifier ? QuantityOfInterest.Output.label($0) : .token($0) }
    let quantity = QuantityOfInterest(terms: [
      .init(coefficient: 1, readout: .logProbability, output: outputs[0]),
      .init(coefficient: -1, readout: .logProbability, output: outputs[1]),
    ])
    let last = (mask.lastIndex(of: 1) ?? 0)
    var keep: Set<Int> = []
    if baseline.contains("cls") { keep.insert(0) }
    if baseline.contains("sep") { keep.insert(last) }
    return AttributionInput(
      ids: ids, types: Array(repeating: 0, count: ids.count), mask: mask.map { $0 == 1 }, target: target,
      quantity: quantity, baseline: Baseline(content, keep: keep))
  }

  private var content: Baseline.Content {
    switch baseline.split(separator: "_")[0] {
    case "zero": .zero
    case "pad": .token(0)
    default: .token(4)
    }
  }
}

private struct CheckpointWeights: WeightSource {
  let checkpoint: Checkpoint

  var names: [String] { checkpoint.names }
  func shape(of name: String) -> [Int]? { checkpoint.shape(of: name) }
  func tensor(named name: String) throws -> Tensor { try checkpoint.tensor(named: name) }
}

func model(in folder: URL) throws -> Transformer {
  let folder = try ModelFolder(path: folder.path)
  let configuration = try folder.decode(TransformerConfiguration.self, from: "config.json")
  return try Transformer(
    configuration: configuration, weights: CheckpointWeights(checkpoint: folder.checkpoint))
}

func goldenCases(_ name: String) throws -> (Transformer, [GoldenCase]) {
  let folder = FixtureFiles.model(name)
  let data = try Data(contentsOf: folder.appendingPathComponent("expected.json"))
  return (try model(in: folder), try JSONDecoder().decode([GoldenCase].self, from: data))
}
