import Checkpoints
import ExactText
import FixtureFiles
import Foundation
import Tensors
import Transformers

/// A small random model of one family, and what Hugging Face transformers computes with it in float64; made by
/// scripts/fixtures/make-family-fixtures.py, which describes the fields.
package struct FamilyFixture: Decodable {
  package struct Sites: Decodable {
    package let embed: Numbers
    package let final: Numbers?
    package let pooled: Numbers?
    /// By the layer's number, then by the site's name.
    package let layers: NameTable<NameTable<Value>>
  }

  /// A site's numbers, or the name of a site that is equal.
  package enum Value: Decodable {
    case same(String)
    case numbers(Numbers)

    package init(from decoder: any Decoder) throws {
      if let name = try? decoder.singleValueContainer().decode(String.self) {
        self = .same(name)
      } else {
        self = .numbers(try Numbers(from: decoder))
      }
    }
  }

  package struct Second: Decodable {
    package let logits: Numbers?
    package let class_logits: Numbers?
    package let states: Numbers?
    package let padding_agrees: Bool
  }

  package struct Intervention: Decodable {
    package let replace: [Edit]
    package let logits: Numbers
  }

  package let architecture: String
  package let kind: String
  package let causal: Bool
  package let ids: [[Int32]]
  package let targets: [Int]
  package let sites: Sites
  package let logits: Numbers?
  package let class_logits: Numbers?
  package let states: Numbers?
  package let second: Second
  package let interventions: [Intervention]?

  /// Whether the layers' sites are there, not the last one's output alone.
  package var isFull: Bool { (sites.layers["0"]?.count ?? 0) > 1 }

  package static let folder = FixtureFiles.folder.appending(path: "families-random")

  package static let names: [String] = folders()

  private static func folders() -> [String] {
    let found: [String] = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let names: [String] = found.filter { (name: String) -> Bool in !name.utf8.contains(UInt8(ascii: ".")) }
    return NameList(names).sorted()
  }

  /// Those that can be read, which a test expects to be all.
  package static let all: NameTable<FamilyFixture> = {
    var all = NameTable<FamilyFixture>()
    for name in names { all[name] = try? read(name) }
    return all
  }()

  package static let full = names.filter { all[$0]?.isFull ?? false }
  package static let intervened = names.filter { all[$0]?.interventions != nil }

  private static func read(_ name: String) throws -> FamilyFixture {
    let file = folder.appending(path: "\(name)/expected.json")
    return try JSONDecoder().decode(FamilyFixture.self, from: Data(contentsOf: file))
  }

  /// The fixture, and its model read by our own code.
  package static func load(_ name: String) throws -> (model: Transformer, fixture: FamilyFixture) {
    let folder = try ModelFolder(path: folder.appending(path: name).path)
    let configuration = try folder.decode(TransformerConfiguration.self, from: "config.json")
    let model = try Transformer(
      configuration: configuration, weights: Weights(checkpoint: folder.checkpoint))
    return (model, try read(name))
  }
}

private struct Weights: WeightSource {
  let checkpoint: Checkpoint

  var names: [String] { checkpoint.names }
  func shape(of name: String) -> [Int]? { checkpoint.shape(of: name) }
  func tensor(named name: String) throws -> Tensor { try checkpoint.tensor(named: name) }
}

/// Nested lists of numbers.
package struct Numbers: Decodable {
  package let shape: [Int]
  package let values: [Float]

  package var tensor: Tensor { Tensor(shape: shape, values) }

  package init(from decoder: any Decoder) throws {
    if let number = try? decoder.singleValueContainer().decode(Float.self) {
      (shape, values) = ([], [number])
      return
    }
    let parts = try decoder.singleValueContainer().decode([Numbers].self)
    let inner = parts.first?.shape ?? []
    guard parts.allSatisfy({ $0.shape == inner }) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "rows of different lengths"))
    }
    (shape, values) = ([parts.count] + inner, parts.flatMap(\.values))
  }
}
