import Foundation
import Testing

@testable import Tokenization

/// `Tokenizer.load`: the files of a Hugging Face folder.
struct LoadingTests {
  static let vocabText = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\ncafe\nCaf\u{E9}\n\u{4E2D}\u{4E2D}\n##s\n"

  static let tokenizerJSON = """
    {"version": "1.0", "truncation": null, "padding": null,
     "added_tokens": [
      {"id": 4, "content": "[MASK]", "single_word": false, "lstrip": false, "rstrip": false,
       "normalized": false, "special": true}],
     "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
      "strip_accents": null, "lowercase": true},
     "pre_tokenizer": {"type": "BertPreTokenizer"},
     "post_processor": {"type": "TemplateProcessing",
      "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
       {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
      "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
       {"SpecialToken": {"id": "[SEP]", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}},
       {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
      "special_tokens": {}},
     "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
      "max_input_chars_per_word": 100, "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3,
      "[MASK]": 4, "cafe": 5, "Caf\\u00e9": 6, "\u{4E2D}\u{4E2D}": 7, "##s": 8}}}
    """

  private func load(_ vocabText: String? = nil, json: String? = nil, config: String? = nil) throws
    -> Tokenizer
  {
    try Tokenizer.load(
      Tokenizer.Files(
        vocabText: vocabText.map { Array($0.utf8) }, tokenizerJSON: json.map { Array($0.utf8) },
        tokenizerConfig: config.map { Array($0.utf8) }), positions: 512)
  }

  private func pieces(_ tokenizer: Tokenizer, _ text: String) throws -> [String] {
    try tokenizer.encode(text).tokens.dropFirst().dropLast()
  }

  private func edited(_ edits: (String, String)...) -> String {
    edits.reduce(Self.tokenizerJSON) { text, edit in
      precondition(text.contains(edit.0), edit.0)
      return text.replacingOccurrences(of: edit.0, with: edit.1)
    }
  }

  @Test func withoutConfigurationItIsUncased() throws {
    for tokenizer in [try load(Self.vocabText), try load(json: Self.tokenizerJSON)] {
      #expect(tokenizer.options.lowercase && tokenizer.options.splitsChinese)
      #expect(tokenizer.options.maxLength == 512)
      #expect(tokenizer.vocabulary.count == 9)
      #expect(
        try pieces(tokenizer, "Caf\u{E9}s [MASK] \u{4E2D}\u{4E2D}") == [
          "cafe", "##s", "[MASK]", "[UNK]", "[UNK]",
        ])
      #expect([SpecialRole.pad, .unk, .cls, .sep, .mask].map(tokenizer.id) == [0, 1, 2, 3, 4])
    }
  }

  @Test func normalizerFlagsOfTokenizerJSONCount() throws {
    let json = edited(("\"lowercase\": true", "\"lowercase\": false"), ("chars\": true", "chars\": false"))
    #expect(
      try pieces(load(json: json), "Caf\u{E9}s \u{4E2D}\u{4E2D}") == ["Caf\u{E9}", "##s", "\u{4E2D}\u{4E2D}"])
    #expect(
      try pieces(load(json: edited(("\"clean_text\": true", "\"clean_text\": false"))), "ca\u{0}fe") == [
        "[UNK]"
      ])
    #expect(try pieces(load(json: edited(("accents\": null", "accents\": false"))), "Caf\u{E9}") == ["[UNK]"])
  }

  @Test func wordRulesOfTokenizerJSONCount() throws {
    let short = edited(("per_word\": 100", "per_word\": 4"))
    #expect(try pieces(load(json: short), "cafe cafes") == ["cafe", "[UNK]"])
    let dashed = edited(("prefix\": \"##\"", "prefix\": \"@\""), ("\"##s\"", "\"@s\""))
    #expect(try pieces(load(json: dashed), "cafes") == ["cafe", "@s"])
    let masked = edited(("unk_token\": \"[UNK]\"", "unk_token\": \"[MASK]\""))
    #expect(try pieces(load(json: masked), "x") == ["[MASK]"])
  }

  @Test func configurationOutranksTokenizerJSON() throws {
    let config = """
      {"do_lower_case": false, "strip_accents": false, "tokenize_chinese_chars": false, "model_max_length": 7}
      """
    let expected = Tokenizer.Options(
      lowercase: false, stripAccents: false, splitsChinese: false, maxLength: 512, usualLength: 7)
    #expect(try load(json: Self.tokenizerJSON, config: config).options == expected)
    #expect(try load(Self.vocabText, config: config).options == expected)
  }

  @Test(arguments: ["1000000000000000019884624838656", "1e30", "null", "Infinity", "512", "0", "-1"])
  func anAbsurdMaximumIsNone(length: String) throws {
    let tokenizer = try load(Self.vocabText, config: "{\"model_max_length\": \(length)}")
    #expect(tokenizer.options.maxLength == 512)
    #expect(tokenizer.options.usualLength == nil)
  }

  @Test func specialTokensCanHaveOtherNames() throws {
    let vocab = "<pad>\n<unk>\n<s>\n</s>\n<mask>\n<e1>\na\n"
    let config = """
      {"pad_token": "<pad>", "unk_token": {"content": "<unk>", "lstrip": false}, "cls_token": "<s>",
       "sep_token": "</s>", "mask_token": "<mask>", "additional_special_tokens": ["<e1>", "<e2>"]}
      """
    let tokenizer = try load(vocab, config: config)
    #expect(try tokenizer.encode("a<mask><e1><e2>[MASK]").ids == [2, 6, 4, 5, 7, 1, 1, 1, 3])
    #expect(tokenizer.vocabulary.token(7) == "<e2>")
  }

  @Test func addedTokensExtendTheVocabulary() throws {
    let json = edited(
      (
        "\"added_tokens\": [",
        """
        "added_tokens": [{"id": 10, "content": "<b>", "normalized": false},
          {"id": 9, "content": "N\u{E9}w", "normalized": true},
        """
      ))
    let tokenizer = try load(json: json)
    #expect(
      try pieces(tokenizer, "<B> <b> xNE\u{301}Wcafe") == [
        "[UNK]", "[UNK]", "[UNK]", "<b>", "[UNK]", "N\u{E9}w", "cafe",
      ])
    #expect(try tokenizer.encode(" NE\u{301}W").offsets[1] == 1..<5)
    #expect(try load(Self.vocabText + "N\u{E9}w\n<b>\n", json: json).vocabulary.count == 11)
  }

  @Test func agreeingVocabulariesAreOne() throws {
    #expect(try load(Self.vocabText, json: Self.tokenizerJSON).vocabulary.count == 9)
  }
}
