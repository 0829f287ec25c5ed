import FixtureFiles
import Foundation
import JSONReading
import Testing

@testable import Tokenization

/// Against encodings by Hugging Face `tokenizers`; made by scripts/fixtures/make-tokenizer-fixtures.py.
struct LibraryAgreementTests {
  /// Strings of every group, with the embedded model's vocabulary.
  @Test func sampledStringsHaveTheLibrarysIDs() throws {
    let rows = try rows(FixtureFiles.folder.appending(path: "tokenizer/strings.jsonl"))
    #expect(rows.count == 202)
    #expect(try Set(rows.map { try $0.required("group").string() }).count == 10)
    try compare(rows, rows, tokenizers(vocabulary: demoVocabulary()))
  }

  /// All strings, with BERT's vocabulary.
  @Test(.enabled(if: WholeData.isThere, "\(WholeData.missing)")) func everyStringHasTheLibrarysIDs() throws {
    let vocabulary = try Vocabulary(vocabText: bytes(WholeData.file("tokenizer/vocab.txt")))
    let strings = try rows(WholeData.file("tokenizer/strings.jsonl"))
    let expected = try rows(WholeData.file("tokenizer/expected.jsonl"))
    #expect(strings.count == 1649)
    try compare(strings, expected, tokenizers(vocabulary: vocabulary))
  }

  private func compare(
    _ strings: [JSONField], _ expected: [JSONField], _ tokenizers: [String: Tokenizer]
  ) throws {
    try #require(strings.count == expected.count)
    for (string, expectation) in zip(strings, expected) {
      let id = try string.required("id").string()
      #expect(try expectation.required("id").string() == id)
      let text = try string.required("text").string()
      let differing = try tokenizers.filter { mode, tokenizer in
        try tokenizer.encode(text).ids.map(Int.init) != expectation.integers(mode)
      }
      #expect(differing.keys.sorted() == [], "\(id)")
    }
  }

  @Test func encodingsOfTextsAndPairsAreTheLibrarys() throws {
    let file = FixtureFiles.folder.appending(path: "tokenizer/encodings.jsonl")
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
