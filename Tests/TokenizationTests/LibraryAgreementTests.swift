import Foundation
import JSONReading
import Testing

@testable import Tokenization

/// Against encodings by Hugging Face `tokenizers`.
struct LibraryAgreementTests {
  @Test func everyStringHasTheLibrarysIDs() throws {
    let folder = shared.appendingPathComponent("data/tokenizer")
    let vocabulary = try Vocabulary(vocabText: bytes(folder.appendingPathComponent("vocab.txt")))
    let tokenizers = try tokenizers(vocabulary: vocabulary)
    let strings = try rows(folder.appendingPathComponent("strings.jsonl"))
    let expected = try rows(folder.appendingPathComponent("expected.jsonl"))
    try #require(strings.count == expected.count)
    #expect(strings.count == 1649)

    var passed = ["portable": 0, "not portable": 0]
    var total = passed
    for (string, expectation) in zip(strings, expected) {
      let id = try string.required("id").string()
      let text = try string.required("text").string()
      let kind = try string.required("portable").bool() ? "portable" : "not portable"
      let differing = try tokenizers.filter { mode, tokenizer in
        try tokenizer.encode(text).ids.map(Int.init) != expectation.integers(mode)
      }
      #expect(differing.keys.sorted() == [], "\(id)")
      total[kind, default: 0] += 1
      if differing.isEmpty { passed[kind, default: 0] += 1 }
    }
    for (kind, count) in total {
      print("tokenizer \(kind) \(passed[kind, default: 0])/\(count) x \(modes.count)")
    }
  }

  @Test func encodingsOfTextsAndPairsAreTheLibrarys() throws {
    let file = checkout.appendingPathComponent("Tests/Fixtures/tokenizer/encodings.jsonl")
    let vocabulary = try demoVocabulary()
    let tokenizers = try tokenizers(vocabulary: vocabulary)
    let rows = try rows(file)
    #expect(rows.count > 400)
    for row in rows {
      let tokenizer = try #require(tokenizers[row.required("mode").string()])
      let text = try row.required("text").string()
      let encoding = try tokenizer.encode(text, pair: row.optional("pair")?.string())
      #expect(try encoding == expectedEncoding(row, vocabulary), "\(text.debugDescription)")
    }
  }

  private func expectedEncoding(_ row: JSONField, _ vocabulary: Vocabulary) throws -> Encoding {
    let bounds = try row.integers("offsets")
    let offsets = stride(from: 0, to: bounds.count, by: 2).map { bounds[$0]..<bounds[$0 + 1] }
    let types = try row.integers("types")
    let special = try row.integers("special")
    let words = try row.integers("words")
    var encoding = Encoding()
    for (index, id) in try row.integers("ids").enumerated() {
      encoding.append(
        try #require(vocabulary.token(id)), id: Int32(id), type: Int32(types[index]),
        offsets: offsets[index], word: special[index] == 1 ? nil : words[index])
    }
    return encoding
  }
}
