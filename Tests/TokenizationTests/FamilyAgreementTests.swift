import ExactText
import FixtureFiles
import Foundation
import JSONReading
import Testing

@testable import Tokenization

/// The tokenizers of every kind of model against Hugging Face `tokenizers`; made by
/// scripts/fixtures/make-family-tokenizer-fixtures.py.
struct FamilyAgreementTests {
  static let names = [
    "albert", "distilbert", "electra", "gemma2", "gemma3", "gpt2", "gpt_neo", "gpt_neox", "gpt_neox_parallel",
    "llama", "llama3", "modernbert", "qwen2", "qwen3", "roberta",
  ]

  static func tokenizer(_ family: String) throws -> Tokenizer {
    let folder = FixtureFiles.folder.appending(path: "families/\(family)")
    return try Tokenizer.load(
      Tokenizer.Files { try? bytes(folder.appending(path: $0)) }, positions: .max)
  }

  @Test(arguments: names) func sampledStringsAreTheLibrarys(family: String) throws {
    let file = FixtureFiles.folder.appending(path: "tokenizer/families/\(family).jsonl")
    try compare(Self.tokenizer(family), rows(file), family)
  }

  /// The program that makes fixtures writes what to expect there.
  private static var hasWhole: Bool {
    (try? WholeData.file("tokenizer/families/gpt2.jsonl").checkResourceIsReachable()) == true
  }

  @Test(
    .enabled(
      if: hasWhole, "IPSH_DATA has no tokenizer/families, which make-family-tokenizer-fixtures.py writes"),
    arguments: names)
  func everyStringIsTheLibrarys(family: String) throws {
    let texts = try WholeTexts()
    let expected = try rows(WholeData.file("tokenizer/families/\(family).jsonl"))
    #expect(expected.count == texts.rows.count)
    try compare(Self.tokenizer(family), expected, family, texts: texts)
  }

  /// The texts of the whole data, which the expectations name by their ids.
  private struct WholeTexts {
    let rows: [JSONField]
    private let texts: NameTable<String>

    init() throws {
      rows = try TokenizationTests.rows(WholeData.file("tokenizer/strings.jsonl"))
      texts = NameTable(
        uniqueKeysWithValues: try rows.map {
          (try $0.required("id").string(), try $0.required("text").string())
        })
    }

    subscript(id: String) -> String { texts[id] ?? "" }
  }

  /// A row has the text or its id, and that of a pair.
  private func compare(
    _ tokenizer: Tokenizer, _ rows: [JSONField], _ name: String, texts: WholeTexts? = nil
  ) throws {
    var differing = 0
    for row in rows {
      func text(_ key: String) throws -> String {
        let text = try row.required(key).string()
        return texts.map { $0[text] } ?? text
      }
      let (first, second) = (try text("text"), try text("pair"))
      let (one, two) = (try tokenizer.encode(first), try tokenizer.encode(first, pair: second))
      let found = [
        one.ids.map(Int.init), one.offsets.flatMap { [$0.lowerBound, $0.upperBound] },
        one.words.map { $0.map { $0 + 1 } ?? 0 }, two.ids.map(Int.init), two.types.map(Int.init),
      ]
      let expected = try ["ids", "offsets", "words", "pair_ids", "types"].map(row.integers)
      let decoded = [try tokenizer.decode(one.ids), try tokenizer.decode(one.ids, skipSpecial: false)]
      let expectedTexts = try ["decoded", "whole"].map { try row.required($0).string() }
      let isSame = found == expected && decoded == expectedTexts
      if !isSame {
        differing += 1
        if differing <= 3 {
          Issue.record("\(name): \(first.debugDescription) \(found) \(expected) \(decoded) \(expectedTexts)")
        }
      }
    }
    #expect(differing == 0, "\(name)")
    print("\(name): \(rows.count) strings, \(differing) differ")
  }
}
