import Testing

@testable import Tokenization

/// Added tokens in each of the places where a folder may have them. What the flags do to ids and offsets is pinned by
/// ``FolderAgreementTests``; here is what the files say together.
struct AddedTokenTests {
  private static let vocabText = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\ncat\n##s\n"

  private func load(
    _ vocabText: String = Self.vocabText, config: String? = nil, map: String? = nil, added: String? = nil,
    rows: Int = .max
  ) throws -> Tokenizer {
    func bytes(_ text: String?) -> [UInt8]? { text.map { Array($0.utf8) } }
    return try Tokenizer.load(
      Tokenizer.Files(
        vocabText: bytes(vocabText), tokenizerConfig: bytes(config), specialTokensMap: bytes(map),
        addedTokens: bytes(added)), positions: 512, rows: rows)
  }

  private func message(_ read: () throws -> Any) -> String? {
    #expect(throws: TokenizationFault.self) { _ = try read() }?.message
  }

  @Test func legacyFilesNumberTokens() throws {
    let tokenizer = try load(
      map: #"{"additional_special_tokens": ["[E1]", "[/E1]"]}"#, added: #"{"[/E1]": 9, "[E1]": 8}"#)
    #expect(try tokenizer.encode("the[E1]cat [/E1]").ids == [2, 5, 8, 6, 9, 3])
    #expect(tokenizer.vocabulary.count == 10)
  }

  /// A hole before the token is as the slow tokenizer wrote it; the row is the one that was trained.
  @Test func aStatedIDCounts() throws {
    let tokenizer = try load(added: #"{"<x>": 10}"#)
    #expect(try tokenizer.encode("<x>").ids == [2, 10, 3])
    #expect(tokenizer.vocabulary.count == 11 && tokenizer.vocabulary.name(of: 9) == "id[9]")
  }

  @Test func idsMustNotContradict() {
    #expect(
      message { try load(added: #"{"<x>": 6}"#) }
        == "added token \"<x>\" has id 6, but the vocabulary has \"cat\" there")
    #expect(
      message { try load(added: #"{"cat": 8}"#) }
        == "added token \"cat\" has id 8, but the vocabulary has it with id 6")
    #expect(
      message { try load(added: #"{"<x>": 99999999}"#) }
        == "\"<x>\" has id 99999999, expected at most 4194303")
    #expect(
      message { try load(added: #"{"<x>": -1}"#) }
        == "added_tokens.json: <x>: expected a whole number from 0, found -1")
  }

  /// As transformers 5: with `added_tokens_decoder` the legacy files are not asked.
  @Test func theDecoderIsAllThereIs() throws {
    let config = #"{"added_tokens_decoder": {"8": {"content": "<x>", "special": true}}}"#
    let tokenizer = try load(config: config, map: #"{"mask_token": "cat"}"#, added: #"{"<y>": 8}"#)
    #expect(try tokenizer.encode("<x> [MASK]").ids == [2, 8, 4, 3])
    #expect(tokenizer.vocabulary.id(of: "<y>") == nil)
    #expect(try load(config: #"{"added_tokens_decoder": {}}"#, added: #"{"<y>": 8}"#).vocabulary.count == 8)
  }

  @Test func theMapOutranksTheConfiguration() throws {
    let tokenizer = try load(config: #"{"mask_token": "the"}"#, map: #"{"mask_token": {"content": "cat"}}"#)
    #expect(tokenizer.specialTokens.mask == "cat" && tokenizer.id(.mask) == 6)
  }

  @Test func additionalTokensGoOnWhereThereAreRows() throws {
    let map = #"{"additional_special_tokens": ["<a>", "<b>"]}"#
    let tokenizer = try load(map: map, rows: 9)
    #expect(try tokenizer.encode("<a>").ids == [2, 8, 3])
    #expect(message { try tokenizer.encode("the <b>") } == "vocab.txt has no <b>")
    #expect(tokenizer.vocabulary.count == 9)
  }

  /// A missing token of a role is numbered by the library, but has no embedding that was trained.
  @Test func missingRolesTakeANumberAndNoRow() throws {
    let text = "[UNK]\n[CLS]\n[SEP]\nthe\n"
    let tokenizer = try load(text, map: #"{"additional_special_tokens": ["<a>"]}"#, rows: 64)
    #expect(tokenizer.id(.mask) == nil && tokenizer.id(.pad) == nil)
    #expect(try tokenizer.encode("the <a>").ids == [1, 3, 6, 2])
    #expect(message { try tokenizer.encode("[MASK]") } == "vocab.txt has no [MASK], the mask token")
    #expect(message { try tokenizer.requiredID(.pad) } == "vocab.txt has no [PAD], the padding token")
  }

  @Test func wordsNeedTheUnknownTokenOnlyWhenUnknown() throws {
    let tokenizer = try load("[CLS]\n[SEP]\nthe\n")
    #expect(try tokenizer.encode("the").ids == [0, 2, 1])
    #expect(message { try tokenizer.encode("dog") } == "vocab.txt has no [UNK], the unknown token")
  }

  /// Pieces inside words are the model's own: an added token is none.
  @Test func addedTokensAreNoPieces() throws {
    let config =
      ###"{"added_tokens_decoder": {"8": {"content": "ca", "single_word": true}, "9": {"content": "##x"}}}"###
    let tokenizer = try load(config: config)
    #expect(try tokenizer.encode("ca cats catx").ids == [2, 8, 6, 7, 1, 3])
  }

  @Test(arguments: [
    (
      "mask_token", "{\"lstrip\": true}",
      "tokenizer_config.json: mask_token: expected the key \"content\", found an object with key lstrip"
    ),
    (
      "mask_token", "7",
      "tokenizer_config.json: mask_token: expected a string or an object with \"content\", found 7"
    ),
    (
      "additional_special_tokens", "[1]",
      "tokenizer_config.json: additional_special_tokens[0]: expected a string or an object with \"content\", found 1"
    ),
    (
      "added_tokens_decoder", "{\"-1\": {\"content\": \"x\"}}",
      "tokenizer_config.json: added_tokens_decoder: expected ids as names, found \"-1\""
    ),
  ])
  func malformedTokensAreFaults(_ key: String, _ value: String, _ expected: String) {
    #expect(message { try load(config: "{\"\(key)\": \(value)}") } == expected)
  }

  @Test func manyTokensAreReadInAMoment() throws {
    let tokens = (0..<20_000).map { "\"<\($0)>\": \($0 + 8)" }.joined(separator: ", ")
    let tokenizer = try load(added: "{\(tokens)}")
    #expect(try tokenizer.encode("<19999>").ids == [2, 20_007, 3])
  }
}
