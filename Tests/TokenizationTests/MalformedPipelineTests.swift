import ExactText
import Testing

@testable import Tokenization

/// One test per way in which a part of a tokenizer.json or a list of merges can be wrong, by the whole message.
struct MalformedPipelineTests {
  private static let config = Array(#"{"tokenizer_class": "PreTrainedTokenizerFast"}"#.utf8)
  private static let model = #"{"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": [["a", "b"]]}"#

  private func message(_ parts: String, model: String = model) -> String? {
    let json = Array("{\(parts.isEmpty ? "" : parts + ", ")\"model\": \(model)}".utf8)
    let fault = #expect(throws: TokenizationFault.self, "\(parts) \(model)") {
      try Tokenizer.load(Tokenizer.Files(tokenizerJSON: json, tokenizerConfig: Self.config), positions: 9)
    }
    return fault?.message
  }

  @Test(arguments: [
    (
      #""normalizer": {"type": "Magic"}"#,
      "normalizer.type: expected a normalizer of: BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, "
        + "Nmt, ByteLevel, Strip, Replace, Prepend, Precompiled, Sequence, found \"Magic\""
    ),
    (
      #""normalizer": {"type": "NFC", "form": 2}"#,
      "normalizer.form: expected no such setting, only \"type\", found 2"
    ),
    (
      #""normalizer": {"type": "Sequence", "normalizers": [{"type": "Replace", "pattern": {"Glob": "x"}, "content": ""}]}"#,
      "normalizer.normalizers[0].pattern: expected {\"String\": ...} or {\"Regex\": ...}, "
        + "found an object with key Glob"
    ),
    (
      #""normalizer": {"type": "Precompiled", "precompiled_charsmap": "?"}"#,
      "normalizer.precompiled_charsmap: expected base64, found \"?\""
    ),
    (
      #""pre_tokenizer": {"type": "Split", "pattern": {"Regex": "a(?<n>b)"}, "behavior": "Isolated", "invert": false}"#,
      "pre_tokenizer.pattern.Regex: expected a regular expression that means the same to PCRE2, "
        + "found one with \"(?<n\""
    ),
    (
      #""pre_tokenizer": {"type": "Split", "pattern": {"Regex": "a("}, "behavior": "Isolated", "invert": false}"#,
      "pre_tokenizer.pattern.Regex: expected a regular expression that means the same to PCRE2, "
        + "found one with \"missing closing parenthesis\""
    ),
    (
      #""pre_tokenizer": {"type": "Split", "pattern": {"String": ""}, "behavior": "Isolated", "invert": false}"#,
      "pre_tokenizer.pattern.String: expected at least one character, found \"\""
    ),
    (
      #""pre_tokenizer": {"type": "Split", "pattern": {"String": "a"}, "behavior": "Gone", "invert": false}"#,
      "pre_tokenizer.behavior: expected Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous, "
        + "found \"Gone\""
    ),
    (
      #""pre_tokenizer": {"type": "UnicodeScripts"}"#,
      "pre_tokenizer.type: expected a pre-tokenizer of: BertPreTokenizer, ByteLevel, Split, Digits, Whitespace, "
        + "WhitespaceSplit, Punctuation, Metaspace, CharDelimiterSplit, Sequence, found \"UnicodeScripts\""
    ),
    (
      #""pre_tokenizer": {"type": "Metaspace", "replacement": "__"}"#,
      "pre_tokenizer.replacement: expected one character, found \"__\""
    ),
    (
      #""post_processor": {"type": "TemplateProcessing", "single": [], "pair": [], "special_tokens": {}}"#,
      "post_processor.single: expected the text A once, found a list of 0"
    ),
    (
      #""decoder": {"type": "CTC"}"#,
      "decoder.type: expected a decoder of: ByteLevel, Metaspace, ByteFallback, WordPiece, Replace, Fuse, Strip, "
        + "BPEDecoder, Sequence, found \"CTC\""
    ),
  ])
  func partsAreRefusedByNameAndPlace(part: String, expected: String) {
    #expect(message(part) == "tokenizer.json: " + expected)
  }

  @Test(arguments: [
    (
      #"{"type": "BPE", "vocab": {"a": 0}, "merges": ["a"]}"#,
      "model.merges[0]: expected two pieces with a blank between them, found \"a\""
    ),
    (
      #"{"type": "BPE", "vocab": {"a": 0}, "merges": [["a", "a"]]}"#,
      "model.merges[0]: expected pieces that are entries of vocab, as is what they become, found \"aa\""
    ),
    (
      #"{"type": "BPE", "vocab": {"a": 0}, "merges": [], "dropout": 0.1}"#,
      "model.dropout: expected no dropout, which makes tokens at random, found 0.1"
    ),
    (
      #"{"type": "BPE", "vocab": {"a": 0}, "merges": [], "unk_token": "u"}"#,
      "model.unk_token: expected an entry of vocab, found \"u\""
    ),
    (
      #"{"type": "Unigram", "unk_id": 1, "vocab": [["a", 0]]}"#,
      "model.unk_id: expected less than 1, the entries of vocab, found 1"
    ),
    (
      #"{"type": "Unigram", "vocab": [["a"]]}"#,
      "model.vocab[0]: expected a piece and its score, found a list of 1"
    ),
    (
      #"{"type": "Tiktoken", "vocab": {}}"#,
      "model.type: expected a model of: BPE, WordPiece, WordLevel, Unigram, found \"Tiktoken\""
    ),
  ])
  func modelsAreRefusedByPlace(model: String, expected: String) {
    #expect(message("", model: model) == "tokenizer.json: " + expected)
  }

  private func message(vocab: String, merges: String) -> String? {
    #expect(throws: TokenizationFault.self) {
      try Tokenizer.load(
        Tokenizer.Files(vocabJSON: Array(vocab.utf8), merges: Array(merges.utf8)), positions: 9)
    }?.message
  }

  @Test func mergesAreRefusedByLine() {
    let vocab = #"{"a": 0, "b": 1, "ab": 2}"#
    #expect(
      message(vocab: vocab, merges: "#version: 0.2\na b\nb\n")
        == "merges.txt: line 3: expected two pieces with a blank between them, found \"b\"")
    #expect(
      message(vocab: vocab, merges: "b a\n") == "merges.txt: line 1: \"ba\" is no entry of vocab.json")
    #expect(message(vocab: "[]", merges: "") == "vocab.json: expected an object, found a list of 0")
  }

  /// A pattern that goes back and forth stops, and says which it is.
  @Test func costlyPatternsStop() throws {
    let json = """
      {"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(a|aa)+$b|(?:a*)*c"}, "behavior": "Isolated", "invert": false},
       "model": \(Self.model)}
      """
    let tokenizer = try Tokenizer.load(
      Tokenizer.Files(tokenizerJSON: Array(json.utf8), tokenizerConfig: Self.config), positions: .max)
    let fault = #expect(throws: TokenizationFault.self) {
      try tokenizer.encode(String(repeating: "a", count: 200))
    }
    #expect(fault == .patternTooCostly("(a|aa)+$b|(?:a*)*c"))
    #expect(fault?.message.hasSuffix("takes too many steps in this text") == true)
  }
}
