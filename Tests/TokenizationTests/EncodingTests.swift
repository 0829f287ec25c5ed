import Testing

@testable import Tokenization

struct EncodingTests {
  private let vocabulary: Vocabulary

  init() throws {
    let pieces = "[PAD] [UNK] [CLS] [SEP] [MASK] the un ##aff ##able a ##b ##a b e i . [ ] mask"
    vocabulary = try Vocabulary(tokens: pieces.split(separator: " ").map(String.init))
  }

  private func tokenizer(maxLength: Int = 512) throws -> Tokenizer {
    try Tokenizer(vocabulary: vocabulary, options: Tokenizer.Options(maxLength: maxLength))
  }

  @Test func textIsBetweenSpecialTokens() throws {
    let encoding = try tokenizer().encode("The unaffable.")
    #expect(encoding.tokens == ["[CLS]", "the", "un", "##aff", "##able", ".", "[SEP]"])
    #expect(encoding.ids == [2, 5, 6, 7, 8, 15, 3])
    #expect(encoding.types == [0, 0, 0, 0, 0, 0, 0])
    #expect(encoding.offsets == [0..<0, 0..<3, 4..<6, 6..<9, 9..<13, 13..<14, 0..<0])
    #expect(encoding.isSpecial == [true, false, false, false, false, false, true])
  }

  @Test func offsetsOfAPairAreInItsOwnText() throws {
    let encoding = try tokenizer().encode("the", pair: "a [MASK]")
    #expect(encoding.tokens == ["[CLS]", "the", "[SEP]", "a", "[MASK]", "[SEP]"])
    #expect(encoding.types == [0, 0, 0, 1, 1, 1])
    #expect(encoding.offsets == [0..<0, 0..<3, 0..<0, 0..<1, 2..<8, 0..<0])
    #expect(encoding.isSpecial == [true, false, true, false, false, true])
  }

  @Test func anEmptyPairIsNotAnAbsentOne() throws {
    #expect(try tokenizer().encode("a", pair: "").tokens == ["[CLS]", "a", "[SEP]", "[SEP]"])
    #expect(try tokenizer().encode("").tokens == ["[CLS]", "[SEP]"])
  }

  @Test func specialTokensAreRecognisedAsWritten() throws {
    let tokens = try tokenizer().encode("a[MASK]b [mask] [MASK").tokens
    #expect(
      tokens == ["[CLS]", "a", "[MASK]", "b", "[", "mask", "]", "[", "mask", "[SEP]"])
  }

  @Test(arguments: [(100, ["a"] + Array(repeating: "##a", count: 99)), (101, ["[UNK]"])])
  func wordsAboveAHundredCharactersAreUnknown(length: Int, expected: [String]) throws {
    let word = String(repeating: "a\u{301}", count: length)
    #expect(try tokenizer().encode(word).tokens == ["[CLS]"] + expected + ["[SEP]"])
  }

  @Test func aWordWithAnUnknownPartIsUnknownAsAWhole() throws {
    let encoding = try tokenizer().encode("the unx")
    #expect(encoding.tokens == ["[CLS]", "the", "[UNK]", "[SEP]"])
    #expect(encoding.offsets[2] == 4..<7)
  }

  @Test func theLimitCountsSpecialTokensAndIsNeverMetByCutting() throws {
    #expect(try tokenizer(maxLength: 4).encode("a b").count == 4)
    let fault = #expect(throws: TokenizationFault.self) {
      try tokenizer(maxLength: 4).encode("a b", pair: "e")
    }
    #expect(
      fault?.message
        == "the text has 6 tokens with its special tokens, the limit is 4, max_position_embeddings of config.json"
    )
    #expect(fault?.remedy == "shorten the text or split it")
  }

  @Test(arguments: [
    ("unknown", "[UNK]"), ("separator", "[SEP]"), ("padding", "[PAD]"), ("classification", "[CLS]"),
    ("mask", "[MASK]"),
  ])
  func whatNeedsAMissingSpecialTokenFails(role: String, token: String) throws {
    let all = SpecialRole.allCases.compactMap { Tokenizer.SpecialTokens()[$0] }
    let vocabulary = try Vocabulary(tokens: all.filter { $0 != token } + ["a"])
    let tokenizer = try Tokenizer(vocabulary: vocabulary)
    let isAround = role == "separator" || role == "classification"
    #expect((try? tokenizer.encode("a")) == nil ? isAround : !isAround)
    let fault = #expect(throws: TokenizationFault.self) { try tokenizer.encode("a \(token)x") }
    #expect(fault?.message == "vocab.txt has no \(token), the \(role) token")
  }

  @Test func longTextsAndWordsTakeTheirTime() throws {
    let tokenizer = try tokenizer(maxLength: .max)
    #expect(try tokenizer.encode(String(repeating: "unaffable ", count: 20_000)).count == 60_002)
    #expect(try tokenizer.encode(String(repeating: "a", count: 100_000)).count == 3)
    #expect(try tokenizer.encode("a" + String(repeating: "\u{301}\u{316}", count: 100_000)).count == 3)
    #expect(try tokenizer.encode(String(repeating: "[", count: 100_000)).count == 100_002)
  }
}
