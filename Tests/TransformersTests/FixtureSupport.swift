import Checkpoints
import Transformers
import FixtureFiles
import Foundation
import Tensors
import Testing

/// A checkpoint as the encoder's source of weights. Not a conformance: the program declares that itself.
struct CheckpointWeights: WeightSource {
  let checkpoint: Checkpoint

  var names: [String] { checkpoint.names }
  func shape(of name: String) -> [Int]? { checkpoint.shape(of: name) }
  func tensor(named name: String) throws -> Tensor { try checkpoint.tensor(named: name) }
}

/// The model of a fixture, read by our own code from its folder.
func loadFixtureModel(_ name: String) throws -> Transformer {
  let folder = try ModelFolder(path: FixtureFiles.model(name).path)
  let configuration = try folder.decode(TransformerConfiguration.self, from: "config.json")
  return try Transformer(
    configuration: configuration, weights: CheckpointWeights(checkpoint: folder.checkpoint))
}

/// What Hugging Face transformers computed for one model; made by scripts/fixtures/make-fixtures.py.
struct Reference {
  struct About: Decodable {
    let versions: [String: String]
    /// The largest difference of its own float32 arithmetic from float64, by kind of site.
    let float32_difference: [String: Float]
    let cases: [Case]
  }

  struct Case: Decodable {
    let name: String
    /// (row, position) of each row of the logits.
    let positions: [[Int]]
    let ids: [[Int32]]
    let types: [[Int32]]
    let mask: [[Int]]

    var batch: TokenBatch {
      TokenBatch(
        ids: ids.flatMap { $0 }, types: types.flatMap { $0 }, mask: mask.flatMap { $0.map { $0 == 1 } },
        rows: ids.count, length: ids.first?.count ?? 0)
    }

    var wordPositions: [(row: Int, position: Int)] { positions.map { ($0[0], $0[1]) } }
  }

  let about: About
  private let tensors: Checkpoint

  init(_ name: String) throws {
    let file = Self.folder.appendingPathComponent(name)
    about = try JSONDecoder().decode(
      About.self, from: Data(contentsOf: file.appendingPathExtension("json")))
    tensors = try Checkpoint(safetensors: file.appendingPathExtension("safetensors").path)
  }

  /// The names of the sites that are stored for a case, e.g. `L0.pattern`.
  func sites(of fixture: Case) -> [String] {
    tensors.names.filter { $0.hasPrefix(fixture.name + "/") }.map {
      String($0.dropFirst(fixture.name.count + 1))
    }
  }

  func tensor(_ site: String, of fixture: Case) throws -> Tensor {
    try tensors.tensor(named: "\(fixture.name)/\(site)")
  }

  private static let folder = FixtureFiles.folder.appending(path: "references")

  /// Every model with a reference.
  static let names: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (files ?? []).filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()
}

/// The largest difference of each kind of site.
struct Differences {
  private(set) var maxima: [String: Float] = [:]

  /// Counts NaN on one side, and a difference in shape, as infinite.
  mutating func add(_ kind: String, _ found: [Float], _ expected: [Float]) {
    var largest: Float = found.count == expected.count ? 0 : .infinity
    for (a, b) in zip(found, expected) where a != b {
      let difference = abs(a - b)
      largest = max(largest, difference.isNaN ? .infinity : difference)
    }
    maxima[kind] = max(maxima[kind] ?? 0, largest)
  }

  mutating func add(_ kind: String, _ found: Tensor?, _ expected: Tensor) {
    add(kind, found?.shape == expected.shape ? found?.values ?? [] : [], expected.values)
  }

  /// One line for each kind: `fixture demo resid_post max 3.1e-06`.
  func report(_ name: String) -> String {
    maxima.sorted { $0.key < $1.key }
      .map { "fixture \(name) \($0.key) max \(String(format: "%.1e", $0.value))\n" }.joined()
  }
}
