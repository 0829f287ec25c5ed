import Foundation
import Testing

@testable import Tokenization

/// What a folder asks for by name, and other splittings than BERT's.
struct TokenizerClassTests {
  private func load(config: String? = nil, model: String? = nil, json: String? = nil) throws -> Tokenizer {
    func bytes(_ text: String?) -> [UInt8]? { text.map { Array($0.utf8) } }
    return try Tokenizer.load(
      Tokenizer.Files(
        vocabText: json == nil ? bytes(LoadingTests.vocabText) : nil, tokenizerJSON: bytes(json),
        tokenizerConfig: bytes(config), modelConfig: bytes(model)), positions: 512)
  }

  private func message(_ read: () throws -> Tokenizer) -> String? {
    #expect(throws: TokenizationFault.self) { _ = try read() }?.message
  }

  private func named(_ name: String) -> String { "{\"tokenizer_class\": \"\(name)\"}" }

  @Test(arguments: [
    "BertTokenizer", "BertTokenizerFast", "DistilBertTokenizer", "DistilBertTokenizerFast",
    "ElectraTokenizer",
    "ElectraTokenizerFast", "MobileBertTokenizerFast", "ConvBertTokenizer", "SqueezeBertTokenizer",
  ])
  func bertsUnderOtherNames(_ name: String) throws {
    #expect(try load(config: named(name)).encode("cafes").ids == [2, 5, 8, 3])
    #expect(try load(model: named(name)).encode("cafes").ids == [2, 5, 8, 3])
  }

  @Test(arguments: [
    "BertJapaneseTokenizer", "RobertaTokenizer", "AlbertTokenizerFast", "KoBertTokenizer",
    "PreTrainedTokenizerFast",
    "PreTrainedTokenizer", "BertTokenizerPlus", "",
  ])
  func othersAreRefusedByName(_ name: String) {
    let end = "tokenizer_class is \"\(name)\", which asks for another tokenizer than BERT's WordPiece"
    #expect(message { try load(config: named(name)) } == "tokenizer_config.json: " + end)
    #expect(message { try load(model: named(name)) } == "config.json: " + end)
  }

  @Test func tokenizerConfigOutranksConfig() throws {
    _ = try load(config: named("BertTokenizer"), model: named("BertJapaneseTokenizer"))
    #expect(message { try load(config: named("AlbertTokenizer"), model: named("BertTokenizer")) } != nil)
    _ = try load(config: "{\"tokenizer_class\": null}", model: "{\"tokenizer_class\": null}")
  }

  /// `PreTrainedTokenizerFast` is whatever tokenizer.json says, also of what is put around texts.
  @Test func theLibrarysClassReadsItsOwnFile() throws {
    let config = "{\"tokenizer_class\": \"PreTrainedTokenizerFast\", \"do_lower_case\": false}"
    let specials = ["CLS", "SEP"].enumerated().map { index, name in
      "\"[\(name)]\": {\"id\": \"[\(name)]\", \"ids\": [\(index + 2)], \"tokens\": [\"[\(name)]\"]}"
    }
    let json = LoadingTests.tokenizerJSON.replacing(
      "\"special_tokens\": {}", with: "\"special_tokens\": {\(specials.joined(separator: ", "))}")
    let tokenizer = try load(config: config, json: json)
    #expect(tokenizer.options.lowercase && tokenizer.around == (1, 1))
    #expect(try tokenizer.encode("CAFES").ids == [2, 5, 8, 3])
    let bare = json.replacing("\"post_processor\": {\"type\": \"TemplateProcessing\",", with: "\"x\": {")
    #expect(try load(config: config, json: bare).encode("cafes").ids == [5, 8])
    #expect(
      message { try load(config: config, json: LoadingTests.tokenizerJSON) }
        == "tokenizer.json: post_processor.single[0].SpecialToken.id: expected a token of special_tokens, "
        + "found \"[CLS]\"")
  }

  @Test(arguments: [
    ("\"word_tokenizer_type\": \"mecab\"", "word_tokenizer_type is \"mecab\""),
    ("\"subword_tokenizer_type\": \"character\"", "subword_tokenizer_type is \"character\""),
    ("\"do_basic_tokenize\": false", "do_basic_tokenize is false"),
    ("\"split_special_tokens\": true", "split_special_tokens is true"),
    ("\"never_split\": [\"[MASK]\", \"well\"]", "never_split is \"well\""),
  ])
  func otherRulesAreRefusedByName(_ setting: String, _ expected: String) {
    #expect(
      message { try load(config: "{\(setting)}") }
        == "tokenizer_config.json: \(expected), which asks for another tokenizer than BERT's WordPiece")
  }

  @Test func rulesThatAreBERTsAreNotRefused() throws {
    _ = try load(
      config: """
        {"do_basic_tokenize": true, "never_split": ["[MASK]", "[CLS]"], "word_tokenizer_type": "basic", "init_inputs": [],
         "subword_tokenizer_type": "wordpiece", "split_special_tokens": false, "max_len": 512}
        """)
    _ = try load(config: "{\"do_basic_tokenize\": null, \"never_split\": null}")
  }

  /// As `ModelUntagged` of tokenizers 0.23.3 decides, checked with `Tokenizer.from_str`.
  @Test func modelsWithoutATypeAreToldByTheirFields() throws {
    let json = LoadingTests.tokenizerJSON.replacing("\"type\": \"WordPiece\", ", with: "")
    #expect(try load(json: json).encode("cafes").ids == [2, 5, 8, 3])
    let others = [
      ("\"max_input_chars_per_word\": 100, ", "", "WordLevel"),
      ("\"continuing_subword_prefix\": \"##\",", "", "WordLevel"),
      ("\"vocab\": {", "\"merges\": [], \"vocab\": {", "BPE"),
    ]
    for (old, new, kind) in others {
      let changed = json.replacing(old, with: new)
      #expect(changed != json)
      #expect(
        message { try load(config: named("BertTokenizer"), json: changed) }
          == "tokenizer.json: model: expected a WordPiece model, "
          + "found one without \"type\" whose fields are those of \(kind)")
    }
    let start = try #require(json.range(of: "\"model\": {"))
    let unigram = json[..<start.upperBound] + "\"unk_id\": 0, \"vocab\": [[\"a\", -1.0]]}}"
    #expect(
      message { try load(config: named("BertTokenizer"), json: String(unigram)) }?.hasSuffix(
        "those of Unigram") == true)
    let nothing = json[..<start.upperBound] + "\"vocab\": {}}}"
    #expect(
      message { try load(config: named("BertTokenizer"), json: String(nothing)) }
        == "tokenizer.json: model: expected the fields of a WordPiece model, found an object with key vocab")
  }

  @Test func idsMayHaveHoles() throws {
    let json = LoadingTests.tokenizerJSON.replacing("\"##s\": 8", with: "\"##s\": 12")
    let tokenizer = try load(json: json)
    #expect(try tokenizer.encode("cafes").ids == [2, 5, 12, 3])
    #expect(tokenizer.vocabulary.count == 13 && tokenizer.vocabulary.token(9) == nil)
  }

  @Test func theLastOfEqualEntriesCounts() throws {
    let json = LoadingTests.tokenizerJSON.replacing("\"##s\": 8", with: "\"##s\": 8, \"cafe\": 9")
    #expect(try load(json: json).encode("cafes").ids == [2, 9, 8, 3])
  }

  @Test func lowerCaseIsAssumedOnlyWhereNothingIsSaid() throws {
    #expect(try load().options.assumesLowercase)
    #expect(try load().unreachableEntries() == 1)
    #expect(try load(config: "{}").options.assumesLowercase)
    #expect(try !load(config: "{\"do_lower_case\": true}").options.assumesLowercase)
    #expect(try !load(json: LoadingTests.tokenizerJSON).options.assumesLowercase)
  }
}
