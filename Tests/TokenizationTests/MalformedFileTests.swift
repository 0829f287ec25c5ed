import Foundation
import Testing

@testable import Tokenization

/// One test per way in which a Hugging Face folder can be wrong, by the whole message.
struct MalformedFileTests {
  private func message(_ vocabText: String?, json: String? = nil, config: String? = nil) -> String? {
    let fault = #expect(throws: TokenizationFault.self) {
      try Tokenizer.load(
        Tokenizer.Files(
          vocabText: vocabText.map { Array($0.utf8) }, tokenizerJSON: json.map { Array($0.utf8) },
          tokenizerConfig: config.map { Array($0.utf8) }), positions: 512)
    }
    return fault?.message
  }

  @Test func aVocabularyIsNeeded() {
    #expect(
      message(nil, config: "{}") == "there is neither a vocab.txt nor a tokenizer.json, so no vocabulary")
    let files = ["config.json": "{}", "vocab.json": "{}", "spiece.model": ""]
    let fault = #expect(throws: TokenizationFault.self) {
      try Tokenizer.load(Tokenizer.Files { files[$0].map { Array($0.utf8) } }, positions: 512)
    }
    #expect(
      fault?.message == "there is neither a vocab.txt nor a tokenizer.json, so no vocabulary; "
        + "found spiece.model, vocab.json of another tokenizer")
  }

  @Test(arguments: [
    ("cafe\n", "cage\n", "vocab.txt and tokenizer.json differ at \"cage\": id 5 and not there"),
    ("##s\n", "", "vocab.txt and tokenizer.json differ at \"##s\": not there and id 8"),
    ("##s\n", "##s\nx\n", "vocab.txt and tokenizer.json differ at \"x\": id 9 and not there"),
    (
      "\u{E9}", "e\u{301}",
      "vocab.txt and tokenizer.json differ at \"Cafe\u{301}\": id 6 and not there"
    ),
  ])
  func differingVocabulariesAreAFault(old: String, new: String, expected: String) {
    // Not `replacingOccurrences`, which would find canonically equivalent text.
    let scalars = LoadingTests.vocabText.components(separatedBy: old)
    let message = message(scalars.joined(separator: new), json: LoadingTests.tokenizerJSON)
    #expect(
      message?.unicodeScalars.elementsEqual(expected.unicodeScalars) == true, "\(message ?? "no fault")")
  }

  @Test(arguments: [
    ("WordPiece", "BPE", "tokenizer.json: model.type: expected \"WordPiece\", found \"BPE\""),
    (
      "\"BertNormalizer\"", "\"NFC\"",
      "tokenizer.json: normalizer.type: expected \"BertNormalizer\", found \"NFC\""
    ),
    (
      "BertPreTokenizer", "Whitespace",
      "tokenizer.json: pre_tokenizer.type: expected \"BertPreTokenizer\", found \"Whitespace\""
    ),
    (
      "\"vocab\"", "\"vocabulary\"",
      "tokenizer.json: model: expected the key \"vocab\", found an object with keys "
        + "continuing_subword_prefix, max_input_chars_per_word, type, unk_token, vocabulary"
    ),
    (
      "\"model\"", "\"modell\"",
      "tokenizer.json: expected the key \"model\", found an object with keys "
        + "added_tokens, modell, normalizer, padding, post_processor, pre_tokenizer, ..."
    ),
    ("\"cafe\": 5", "\"cafe\": 4194304", "\"cafe\" has id 4194304, expected at most 4194303"),
    (
      "\"cafe\": 5", "\"cafe\": -5",
      "tokenizer.json: model.vocab.cafe: expected a whole number from 0, found -5"
    ),
    (
      "\"cafe\": 5", "\"cafe\": 5.5",
      "tokenizer.json: model.vocab.cafe: expected a whole number from 0, found 5.5"
    ),
    (
      "\"lowercase\": true", "\"lowercase\": 1",
      "tokenizer.json: normalizer.lowercase: expected true or false, found 1"
    ),
    (
      "{\"id\": 4,", "{\"id\": 5,",
      "added token \"[MASK]\" has id 5, but the vocabulary has it with id 4"
    ),
    (
      "\"[MASK]\", \"single", "\"<x>\", \"single",
      "added token \"<x>\" has id 4, but the vocabulary has \"[MASK]\" there"
    ),
    (
      "TemplateProcessing", "RobertaProcessing",
      "tokenizer.json: post_processor.type: expected \"TemplateProcessing\" or \"BertProcessing\", "
        + "found \"RobertaProcessing\""
    ),
    (
      "\"B\", \"type_id\": 1", "\"B\", \"type_id\": 0",
      "tokenizer.json: post_processor.pair: expected [CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1, "
        + "found [CLS]:0 $A:0 [SEP]:0 $B:0 [SEP]:1"
    ),
    (
      "\"single\": [{\"SpecialToken\": {\"id\": \"[CLS]\", \"type_id\": 0}}, ", "\"single\": [",
      "tokenizer.json: post_processor.single: expected [CLS]:0 $A:0 [SEP]:0, found $A:0 [SEP]:0"
    ),
  ])
  func tokenizerJSONThatIsNotBERTsIsAFault(old: String, new: String, expected: String) throws {
    try #require(LoadingTests.tokenizerJSON.contains(old))
    let json = LoadingTests.tokenizerJSON.replacingOccurrences(of: old, with: new)
    // Files that name no class and have another model than BERT's are not BERT's.
    #expect(message(nil, json: json, config: "{\"tokenizer_class\": \"BertTokenizer\"}") == expected)
  }

  @Test(arguments: [
    ("[]", "tokenizer_config.json: expected an object, found a list of 0"),
    (
      "{\"do_lower_case\": \"yes\"}",
      "tokenizer_config.json: do_lower_case: expected true or false, found \"yes\""
    ),
    (
      "{\"mask_token\": 5}",
      "tokenizer_config.json: mask_token: expected a string or an object with \"content\", found 5"
    ),
    (
      "{\"mask_token\": {}}",
      "tokenizer_config.json: mask_token: expected the key \"content\", found an object with no keys"
    ),
    (
      "{\"model_max_length\": \"all\"}",
      "tokenizer_config.json: model_max_length: expected a number, found \"all\""
    ),
    (
      "{\"added_tokens_decoder\": {\"x\": {\"content\": \"y\"}}}",
      "tokenizer_config.json: added_tokens_decoder: expected ids as names, found \"x\""
    ),
    (
      "{\"added_tokens_decoder\": {\"7\": {\"content\": \"y\"}}}",
      "added token \"y\" has id 7, but the vocabulary has \"\u{4E2D}\u{4E2D}\" there"
    ),
  ])
  func malformedConfigurationIsAFault(config: String, expected: String) {
    #expect(message(LoadingTests.vocabText, config: config) == expected)
  }

  @Test(arguments: [
    ("", "1:1: expected a value, found the end of the text"),
    ("{\"a\": 1} x", "1:10: expected the end of the text, found 'x'"),
    ("{\"a\" 1}", "1:6: expected ':', found '1'"),
    ("{\"\u{E9}\": 1\n \"b\": 2}", "2:2: expected ',' or '}', found '\"'"),
    ("{\"a\": [1 2]}", "1:10: expected ',' or ']', found '2'"),
    ("{\"a\": 1,}", "1:9: expected a key in double quotes, found '}'"),
    ("{\"a\": nul}", "1:7: expected a value, found 'n'"),
    ("{\"a\": +1}", "1:7: expected a value, found '+'"),
    ("{\"a\": \"b", "1:9: expected '\"', found the end of the text"),
    ("{\"a\": \"b\n\"}", "1:9: expected no control character inside a string, found byte 0x0a"),
    ("{\"a\": \"\\x\"}", "1:9: expected an escape such as \\n, found 'x'"),
    ("{\"a\": \"\\u12g4\"}", "1:12: expected four hexadecimal digits, found 'g'"),
    ("{\"a\": \"\\ud800\"}", "1:8: expected a whole surrogate pair, found \\ud800"),
    ("{\"a\": \"\\ud800\\u0041\"}", "1:8: expected a whole surrogate pair, found \\ud800\\u0041"),
    (
      "{\"a\": " + String(repeating: "[", count: 100_000),
      "1:134: expected at most 128 levels of nesting, found '['"
    ),
  ])
  func brokenJSONIsAFault(text: String, expected: String) {
    #expect(message(LoadingTests.vocabText, config: text) == "tokenizer_config.json:" + expected)
  }

  @Test func remediesSayWhatToDo() {
    let differ = TokenizationFault.vocabulariesDiffer(token: "a", text: nil, json: nil)
    #expect(differ.remedy == "remove the file that does not belong to the model")
    let missing = TokenizationFault.vocabularyMissing(others: [])
    #expect(missing.remedy == "put the vocab.txt the model was trained with into its folder")
    let special = TokenizationFault.specialTokenMissing(role: "mask", token: "[MASK]", file: "vocab.txt")
    #expect(
      special.remedy == "if the model calls its mask token otherwise, name it in tokenizer_config.json")
  }

  @Test func textThatIsNotUTF8IsAFault() {
    let fault = #expect(throws: TokenizationFault.self) {
      try Tokenizer.load(Tokenizer.Files(tokenizerJSON: [0x22, 0xC3, 0x22]), positions: 512)
    }
    #expect(fault?.message == "tokenizer.json:1:2: expected UTF-8, found byte 0xc3")
  }

  /// What `tokenizers` writes may hold the composed and the decomposed form of a word.
  @Test func canonicallyEquivalentPiecesAreTwo() throws {
    let json = LoadingTests.tokenizerJSON.replacingOccurrences(
      of: "\"cafe\": 5", with: "\"Cafe\\u0301\": 5")
    let tokenizer = try Tokenizer.load(Tokenizer.Files(tokenizerJSON: Array(json.utf8)), positions: 512)
    #expect(tokenizer.vocabulary.id(of: "Cafe\u{301}") == 5)
    #expect(tokenizer.vocabulary.id(of: "Caf\u{E9}") == 6)
  }
}
