import Testing

@testable import Tokenization

struct VocabularyTests {
  @Test(arguments: [
    "a\nb\n##c", "a\nb\n##c\n", "a\r\nb\r\n##c\r\n", "a\rb\r##c\r", "a\rb\n##c\r\n\n\n",
  ])
  func idsAreLines(text: String) throws {
    let vocabulary = try Vocabulary(vocabText: Array(text.utf8))
    #expect(vocabulary.count == 3)
    #expect(["a", "b", "##c", "c", ""].map(vocabulary.id(of:)) == [0, 1, 2, nil, nil])
    #expect([-1, 0, 2, 3].map(vocabulary.token) == [nil, "a", "##c", nil])
  }

  @Test func canonicallyEquivalentPiecesAreDifferentPieces() throws {
    let vocabulary = try Vocabulary(vocabText: Array("\u{E9}\ne\u{301}\n".utf8))
    #expect(vocabulary.id(of: "\u{E9}") == 0)
    #expect(vocabulary.id(of: "e\u{301}") == 1)
  }

  @Test(
    arguments: [
      ([], "the vocabulary holds no pieces"),
      (Array("\n\r\n".utf8), "the vocabulary holds no pieces"),
      ([0x61, 0x0A, 0xC3, 0x0A], "vocabulary line 2 is not UTF-8"),
    ] as [([UInt8], String)])
  func malformedTextIsAFault(text: [UInt8], message: String) {
    let fault = #expect(throws: TokenizationFault.self) { try Vocabulary(vocabText: text) }
    #expect(fault?.message == message)
  }

  /// As transformers 5 and tokenizers read them: a blank line has an id, of equal lines the last counts, white space at
  /// the end of a line does not.
  @Test func blankAndRepeatedLinesKeepTheirIDs() throws {
    let vocabulary = try Vocabulary(vocabText: Array("a\n\nb\na\u{3000}\nc \n\u{A0}\n\n".utf8))
    #expect(["a", "b", "c", ""].map(vocabulary.id(of:)) == [3, 2, 4, nil])
    #expect((0..<6).map(vocabulary.token) == ["a", nil, "b", "a", "c", nil])
    #expect((0..<6).map(vocabulary.name) == ["a", "id[1]", "b", "a", "c", "id[5]"])
    #expect(vocabulary.count == 5)
    #expect(vocabulary.entryCount == 4)
    #expect(vocabulary.tokens(withPrefix: "", limit: 9) == ["a", "b", "a", "c"])
  }

  /// The mark belongs to the first piece, as for Python's reader.
  @Test func aByteOrderMarkIsText() throws {
    let vocabulary = try Vocabulary(vocabText: Array("\u{FEFF}a\nb\n".utf8))
    #expect(vocabulary.id(of: "a") == nil && vocabulary.id(of: "\u{FEFF}a") == 0)
  }

  @Test func completionsComeInTheVocabularysOrder() throws {
    let vocabulary = try Vocabulary(vocabText: Array("the\nb\nthere\nthen\n##the\nTHE".utf8))
    #expect(vocabulary.tokens(withPrefix: "the", limit: 9) == ["the", "there", "then"])
    #expect(vocabulary.tokens(withPrefix: "the", limit: 2) == ["the", "there"])
    #expect(vocabulary.tokens(withPrefix: "", limit: 2) == ["the", "b"])
    #expect(vocabulary.tokens(withPrefix: "x", limit: 9) == [])
    #expect(vocabulary.tokens(withPrefix: "the", limit: 0) == [])
  }

  @Test func everyPieceOfTheEmbeddedModelIsFound() throws {
    let vocabulary = try demoVocabulary()
    for id in 0..<vocabulary.count {
      let token = try #require(vocabulary.token(id))
      #expect(vocabulary.id(of: token) == id)
    }
  }
}
