import ExactText
import FixtureFiles
import Foundation
import JSONReading
import Testing

@testable import Tokenization

/// The vocabularies of GPT-2 (vocab.json and merges.txt) and GPT-NeoX (tokenizer.json) against `tokenizers`, for every string
/// of the whole data.
struct RealVocabularyTests {
  private static let loaded: Result<(gpt2: Tokenizer, neoX: Tokenizer), any Error> = Result {
    (try tokenizer("bpe/gpt2"), try tokenizer("bpe/gpt-neox"))
  }

  private static func tokenizer(_ folder: String) throws -> Tokenizer {
    let folder = try WholeData.file(folder)
    return try Tokenizer.load(
      Tokenizer.Files { try? bytes(folder.appending(path: $0)) }, positions: .max)
  }

  @Test(.enabled(if: WholeData.isThere, "\(WholeData.missing)"), arguments: ["gpt2", "gpt_neox"])
  func everyStringIsTheLibrarys(name: String) throws {
    let loaded = try Self.loaded.get()
    let tokenizer = name == "gpt2" ? loaded.gpt2 : loaded.neoX
    let strings = try rows(WholeData.file("tokenizer/strings.jsonl"))
    let expected = try rows(WholeData.file("bpe/expected.jsonl"))
    try #require(strings.count == 1649 && expected.count == strings.count)
    var differing = 0
    for (string, row) in zip(strings, expected) {
      let text = try string.required("text").string()
      let found = try tokenizer.encode(text, addSpecial: false)
      let offsets = try row.required("\(name)_offsets").elements().map {
        try $0.elements().map { try $0.count() }
      }
      let isSame =
        try found.ids.map(Int.init) == row.integers(name)
        && found.offsets.map { [$0.lowerBound, $0.upperBound] } == offsets
      if !isSame { differing += 1 }
      #expect(isSame, "\(text.debugDescription)")
    }
    print("\(name): \(strings.count) strings, \(differing) differ")
  }

  @Test(.enabled(if: WholeData.isThere, "\(WholeData.missing)"))
  func whatBytesSayIsDecoded() throws {
    let loaded = try Self.loaded.get()
    for string in try rows(WholeData.file("tokenizer/strings.jsonl")) {
      let text = try string.required("text").string()
      #expect(try loaded.gpt2.decode(loaded.gpt2.encode(text).ids, skipSpecial: false) == text)
    }
    #expect(try loaded.gpt2.entry("Mary", continuing: true) == 5335)
    #expect(try loaded.gpt2.entry("Mary", continuing: false) == 24119)
    #expect(try loaded.gpt2.entry(" has", continuing: false) == 468)
  }
}
