import ExactText
import FixtureFiles
import Foundation
import JSONReading
import Testing

@testable import Tokenization

/// Folders whose tokenizers are built by classes of transformers, as `AutoTokenizer` loads them; made by
/// scripts/fixtures/make-tokenizer-class-fixtures.py.
struct ClassAgreementTests {
  @Test func everyFolderIsTransformers() throws {
    let cases = try rows(FixtureFiles.folder.appending(path: "tokenizer/classes.jsonl"))
    #expect(cases.count >= 50)
    var differing = 0
    for row in cases {
      let name = Comment(rawValue: try row.required("name").string())
      let tokenizer: Tokenizer
      do { tokenizer = try load(row) } catch {
        Issue.record("\(name): \(error)")
        continue
      }
      let size = try row.required("size").count()
      let roles = try row.required("roles")
      for role in SpecialRole.allCases {
        // One that the vocabulary lacks is numbered by the library and has no embedding.
        let id = try roles.optional(role.rawValue)?.count()
        let isKnown = id.map { $0 < size || tokenizer.vocabulary.token($0) != nil } ?? true
        #expect(tokenizer.id(role) == (isKnown ? id : nil), "\(name) \(role)")
      }
      for text in try row.required("texts").elements() {
        guard let problem = try difference(tokenizer, text, size) else { continue }
        differing += 1
        Issue.record("\(name): \(problem)")
      }
    }
    print("tokenizer classes: \(cases.count), \(differing) texts differ")
  }

  private func load(_ row: JSONField) throws -> Tokenizer {
    let family = FixtureFiles.folder.appending(path: "families/\(try row.required("family").string())")
    let json = try bytes(family.appending(path: "tokenizer.json"))
    let files = try row.required("files")
    let hasJSON = try files.optional("tokenizer.json") != nil
    let merges = hasJSON ? nil : try merges(json)
    return try Tokenizer.load(
      Tokenizer.Files { name in
        switch name {
        case "tokenizer.json": return hasJSON ? json : nil
        case "vocab.json": return merges?.vocabulary
        case "merges.txt": return merges?.merges
        default: return try files.optional(name).map { Array(try $0.string().utf8) }
        }
      }, positions: .max)
  }

  /// vocab.json and merges.txt with the model of a tokenizer.json.
  private func merges(_ json: [UInt8]) throws -> (vocabulary: [UInt8], merges: [UInt8]) {
    let document = try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
    let model = try #require(document["model"] as? [String: Any])
    let pairs = try #require(model["merges"] as? [[String]])
    let lines = ["#version: 0.2"] + pairs.map { $0.joined(separator: " ") }
    let vocabulary = try JSONSerialization.data(withJSONObject: try #require(model["vocab"]))
    return (Array(vocabulary), Array((lines.joined(separator: "\n") + "\n").utf8))
  }

  private func difference(_ tokenizer: Tokenizer, _ row: JSONField, _ size: Int) throws -> String? {
    let (text, pair) = (try row.required("text").string(), try row.required("pair").string())
    let unknown = try row.integers("pair_ids").contains { tokenizer.vocabulary.token($0) == nil }
    do {
      let (one, two) = (try tokenizer.encode(text), try tokenizer.encode(text, pair: pair))
      let bare = try tokenizer.encode(text, addSpecial: false)
      let found = [
        ("ids", one.ids.map(Int.init)), ("offsets", one.offsets.flatMap { [$0.lowerBound, $0.upperBound] }),
        ("pair_ids", two.ids.map(Int.init)), ("types", two.types.map(Int.init)),
        ("bare", bare.ids.map(Int.init)),
      ]
      for (key, value) in found where try value != row.integers(key) {
        return "\(text.debugDescription) \(key): \(value), expected \(try row.integers(key))"
      }
      return nil
    } catch TokenizationFault.specialTokenMissing where unknown { return nil }
  }
}
