import ExactText
import Faults
import JSONReading

/// What counts for BERT in a `tokenizer_config.json` of Hugging Face; every entry may be absent.
struct TokenizerConfig {
  let tokenizerClass: String?
  let lowercase: Bool?
  let stripAccents: Bool?
  let splitsChinese: Bool?
  /// Where texts are cut on demand; nil also where the file says nowhere.
  let usualLength: Int?
  let specialTokens: SpecialTokenNames
  /// Nil where the file has no such entry, which is not the same as an empty one.
  let addedTokensDecoder: [AddedToken]?
  let document: JSONField

  init(_ document: JSONField) throws {
    tokenizerClass = try document.optional("tokenizer_class")?.string()
    lowercase = try document.optional("do_lower_case")?.bool()
    stripAccents = try document.optional("strip_accents")?.bool()
    splitsChinese = try document.optional("tokenize_chinese_chars")?.bool()
    usualLength = try (document.optional("model_max_length") ?? document.optional("max_len"))
      .flatMap(Self.length)
    specialTokens = try SpecialTokenNames(document)
    addedTokensDecoder = try document.optional("added_tokens_decoder").map(Self.numberedTokens)
    self.document = document
  }

  /// Models without a limit have 10^30 or infinity there. No position table comes near 10^9 rows.
  private static func length(_ field: JSONField) throws -> Int? {
    let length = try field.anyNumber()
    return length >= 1 && length < 1e9 ? Int(length) : nil
  }

  private static func numberedTokens(_ decoder: JSONField) throws -> [AddedToken] {
    try decoder.members().map { key, field in
      guard let id = Int(key), id >= 0 else {
        throw decoder.mismatch("ids as names", found: quoted(key))
      }
      return try AddedToken(field, id: id)
    }
  }

  /// - Throws: ``TokenizationFault/unsupported(key:value:file:)`` for ways to split a text that BERT's own does not know.
  ///
  /// - Parameter isBERT: the others know one setting of these only.
  func checkRules(isBERT: Bool) throws {
    guard isBERT else { return try check("split_special_tokens", is: "false") }
    let rules: NameTable = [
      "do_basic_tokenize": "true", "do_word_tokenize": "true", "do_subword_tokenize": "true",
      "split_special_tokens": "false", "word_tokenizer_type": "\"basic\"",
      "subword_tokenizer_type": "\"wordpiece\"", "wordpieces_prefix": "\"##\"",
    ]
    for (key, own) in rules.sorted(by: { $0.key < $1.key }) { try check(key, is: own) }
    try checkUnsplitWords()
  }

  private func check(_ key: String, is own: String) throws {
    guard let found = try document.optional(key)?.value.description, found != own else { return }
    throw TokenizationFault.unsupported(key: key, value: found, file: "tokenizer_config.json")
  }

  /// Words that the slow tokenizer leaves whole and the fast one does not; the special tokens stay whole anyway.
  private func checkUnsplitWords() throws {
    let names = Tokenizer.SpecialTokens()
    let special = SpecialRole.allCases.map { specialTokens[$0]?.content ?? names[$0] }
    for field in try document.optional("never_split")?.elements() ?? [] {
      let word = try field.string()
      guard !special.contains(where: { $0.map { $0 == word } ?? false }) else { continue }
      throw TokenizationFault.unsupported(
        key: "never_split", value: field.value.description, file: "tokenizer_config.json")
    }
  }
}
