import Foundation
import Tokenization

/// Files of tokenizers of every kind, put together of parts at random and often broken: read, or refused; what is read makes
/// well-formed encodings of any text.
package struct PipelineTarget: FuzzTarget {
  package let acceptsEverything = false

  package init() {}

  private static let normalizers = [
    "null", #"{"type": "NFC"}"#, #"{"type": "NFKC"}"#, #"{"type": "NFD"}"#, #"{"type": "Lowercase"}"#,
    #"{"type": "Strip", "strip_left": true, "strip_right": true}"#, #"{"type": "Nmt"}"#,
    #"{"type": "Replace", "pattern": {"String": " "}, "content": "▁"}"#, #"{"type": "ByteLevel"}"#,
    #"{"type": "Replace", "pattern": {"Regex": "\\s+|e?"}, "content": ""}"#,
    #"{"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, {"type": "NFKD"}, {"type": "StripAccents"}]}"#,
    #"{"type": "Precompiled", "precompiled_charsmap": "CAAAAAAEAIABAAAAYQBi"}"#,
    #"{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true}"#,
  ]
  private static let preTokenizers = [
    "null", #"{"type": "BertPreTokenizer"}"#, #"{"type": "Whitespace"}"#, #"{"type": "WhitespaceSplit"}"#,
    #"{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true}"#,
    #"{"type": "Split", "pattern": {"Regex": "\\p{L}+|(?i:'s)|\\s+(?!\\S)"}, "behavior": "MergedWithNext", "invert": true}"#,
    #"{"type": "Split", "pattern": {"Regex": "(a+)+b|x*"}, "behavior": "Contiguous", "invert": false}"#,
    #"{"type": "Digits", "individual_digits": true}"#, #"{"type": "Punctuation", "behavior": "Removed"}"#,
    #"{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": true}"#,
    #"{"type": "Sequence", "pretokenizers": [{"type": "CharDelimiterSplit", "delimiter": "b"}, {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]}"#,
  ]
  private static let models = [
    ###"{"type": "BPE", "unk_token": "u", "fuse_unk": true, "vocab": {"u": 0, "a": 1, "b": 2, "ab": 3, "▁": 4, "Ġ": 5}, "merges": ["a b"]}"###,
    ###"{"type": "BPE", "byte_fallback": true, "vocab": {"<0x41>": 0, "a": 1, "aa": 2, "aaa": 3, "Ġ": 9}, "merges": [["a", "a"], ["aa", "a"]]}"###,
    ###"{"type": "BPE", "continuing_subword_prefix": "##", "end_of_word_suffix": "</w>", "vocab": {"a": 0, "##a": 1, "##a</w>": 2, "aa</w>": 3}, "merges": ["a ##a</w>"]}"###,
    #"{"type": "Unigram", "unk_id": 0, "byte_fallback": true, "vocab": [["<unk>", 0], ["a", -1.5], ["▁", -2], ["aa", -2.5], ["<0x61>", -9]]}"#,
    ###"{"type": "WordPiece", "unk_token": "u", "continuing_subword_prefix": "##", "max_input_chars_per_word": 9, "vocab": {"u": 0, "a": 1, "##a": 2}}"###,
    #"{"type": "WordLevel", "unk_token": "u", "vocab": {"u": 0, "a": 1}}"#,
  ]
  private static let processors = [
    "null", #"{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true}"#,
    #"{"type": "RobertaProcessing", "sep": ["a", 1], "cls": ["u", 0], "trim_offsets": true, "add_prefix_space": false}"#,
    #"{"type": "BertProcessing", "sep": ["a", 1], "cls": ["u", 0]}"#,
    #"{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "a", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}], "pair": [{"Sequence": {"id": "B", "type_id": 1}}, {"Sequence": {"id": "A", "type_id": 0}}], "special_tokens": {"a": {"id": "a", "ids": [1], "tokens": ["a"]}}}"#,
  ]
  private static let decoders = [
    "null", ###"{"type": "ByteLevel"}"###, ###"{"type": "WordPiece", "prefix": "##", "cleanup": true}"###,
    #"{"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 2}]}"#,
    #"{"type": "BPEDecoder", "suffix": "</w>"}"#,
  ]
  private static let tokens = [
    "[]", #"[{"id": 1, "content": "a", "special": true}]"#,
    #"[{"id": 20, "content": "A b", "normalized": true, "lstrip": true, "rstrip": true, "single_word": true}]"#,
  ]

  package func input(_ generator: inout SeededGenerator) -> [UInt8] {
    let document = """
      {"added_tokens": \(generator.pick(Self.tokens)), "normalizer": \(generator.pick(Self.normalizers)), "pre_tokenizer": \
      \(generator.pick(Self.preTokenizers)), "model": \(generator.pick(Self.models)), "post_processor": \
      \(generator.pick(Self.processors)), "decoder": \(generator.pick(Self.decoders))}
      """
    let bytes = Array(document.utf8)
    return generator.chance(2) ? generator.mutated(bytes) : bytes
  }

  private static let settings = Array(#"{"tokenizer_class": "PreTrainedTokenizerFast"}"#.utf8)
  private static let classes = ["GPT2Tokenizer", "RobertaTokenizer", "LlamaTokenizer", "AlbertTokenizer"]

  package func run(_ input: [UInt8]) throws -> String {
    for name in Self.classes {
      let settings = Array("{\"tokenizer_class\": \"\(name)\"}".utf8)
      _ = try outcome {
        _ = try Tokenizer.load(
          Tokenizer.Files(tokenizerConfig: settings, vocabJSON: input, merges: input), positions: 99)
      }
      _ = try outcome { try check(settings, input) }
    }
    return try outcome { try check(Self.settings, input) }
  }

  private static let texts = [
    "", "a", " aab  ba\n", "A b ab a A", "e\u{301}\u{316}aa\u{AC01}日本 \u{FB01}",
    String(repeating: "a", count: 70),
    "x1½ '\u{17F} <0x41>▁Ġ\u{1F600}",
  ]

  private func check(_ settings: [UInt8], _ input: [UInt8]) throws {
    let tokenizer = try Tokenizer.load(
      Tokenizer.Files(tokenizerJSON: input, tokenizerConfig: settings), positions: .max)
    for (index, text) in Self.texts.enumerated() {
      let pair = index.isMultiple(of: 2) ? nil : Self.texts[index - 1]
      let encoding: Encoding
      do { encoding = try tokenizer.encode(text, pair: pair) } catch is TokenizationFault { continue }
      try check(encoding, text, pair)
      _ = try tokenizer.decode(encoding.ids)
      for id in encoding.ids { _ = tokenizer.text(of: Int(id)) }
      do { _ = try tokenizer.entry(text, continuing: index.isMultiple(of: 2)) } catch is TokenizationFault {}
    }
  }

  private func check(_ encoding: Encoding, _ text: String, _ pair: String?) throws {
    let counts = [
      encoding.tokens.count, encoding.types.count, encoding.offsets.count, encoding.words.count,
    ]
    try require(counts.allSatisfy { $0 == encoding.ids.count }, "counts \(counts)")
    let length = max(text.unicodeScalars.count, pair?.unicodeScalars.count ?? 0)
    try require(encoding.offsets.allSatisfy { $0.upperBound <= length }, "offsets \(encoding.offsets)")
  }
}
