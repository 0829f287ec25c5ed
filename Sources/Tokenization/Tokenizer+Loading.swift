extension Tokenizer {
  /// From the contents of the files in a Hugging Face folder, each nil where the file is absent.
  ///
  /// The vocabulary is in `vocabText` (vocab.txt) or in `tokenizerJSON`; if in both they have to
  /// agree. What `tokenizerConfig` says about lower case, accents and ideographs outranks
  /// `tokenizerJSON`, as in `transformers`; what neither says is as in bert-base-uncased.
  ///
  /// - Parameter defaultMaxLength: in tokens, where `tokenizerConfig` states no `model_max_length`.
  /// - Throws: ``TokenizationFault`` for a file that is malformed, not BERT's, or at odds with another.
  public static func load(
    vocabText: [UInt8]?, tokenizerJSON: [UInt8]?, tokenizerConfig: [UInt8]?, defaultMaxLength: Int
  ) throws -> Tokenizer {
    let json = try tokenizerJSON.map { bytes in
      try TokenizationFault.inFile("tokenizer.json") { try TokenizerJSON(bytes) }
    }
    let config = try tokenizerConfig.map { bytes in
      try TokenizationFault.inFile("tokenizer_config.json") { try TokenizerConfig(bytes) }
    }
    let lines = try vocabText.map(Vocabulary.lines)
    guard let base = json?.tokens ?? lines else { throw TokenizationFault.vocabularyMissing }

    let added = (json?.addedTokens ?? []) + (config?.addedTokens ?? [])
    let vocabulary = try vocabulary(base, and: added)
    if let lines { try checkAgreement(lines, modelTokens: base.count, vocabulary) }
    let specialTokens = specialTokens(json, config)
    try TokenizationFault.inFile("tokenizer.json") {
      try json?.checkTemplate(cls: specialTokens.cls, sep: specialTokens.sep)
    }
    return try Tokenizer(
      vocabulary: vocabulary, options: options(json, config, defaultMaxLength),
      specialTokens: specialTokens, rules: json?.rules ?? WordRules(), added: added)
  }

  private static func options(
    _ json: TokenizerJSON?, _ config: TokenizerConfig?, _ defaultMaxLength: Int
  ) -> Options {
    Options(
      lowercase: config?.lowercase ?? json?.lowercase ?? true,
      stripAccents: config?.stripAccents ?? json?.stripAccents,
      splitsChinese: config?.splitsChinese ?? json?.splitsChinese ?? true,
      maxLength: config?.maxLength ?? defaultMaxLength)
  }

  private static func specialTokens(_ json: TokenizerJSON?, _ config: TokenizerConfig?) -> SpecialTokens {
    let names = config?.specialTokens ?? [:]
    var tokens = SpecialTokens()
    tokens.unk = names["unk"] ?? json?.unk ?? tokens.unk
    tokens.sep = names["sep"] ?? tokens.sep
    tokens.pad = names["pad"] ?? tokens.pad
    tokens.cls = names["cls"] ?? tokens.cls
    tokens.mask = names["mask"] ?? tokens.mask
    return tokens
  }

  /// The model's tokens and, behind them, the added ones that are not among them.
  private static func vocabulary(_ base: [String], and added: [AddedToken]) throws -> Vocabulary {
    var vocabulary = try Vocabulary(tokens: base)
    let numbered = added.filter { $0.id != nil }.sorted { $0.id ?? 0 < $1.id ?? 0 }
    for token in numbered + added.filter({ $0.id == nil }) {
      let known = vocabulary.id(of: token.content)
      let expected = known ?? vocabulary.count
      if let stated = token.id, stated != expected {
        throw TokenizationFault.addedTokenID(token: token.content, stated: stated, expected: expected)
      }
      if known == nil { try vocabulary.append(token.content) }
    }
    return vocabulary
  }

  /// The lines of vocab.txt may end with the model's own tokens or go on with added ones.
  private static func checkAgreement(
    _ lines: [String], modelTokens: Int, _ vocabulary: Vocabulary
  ) throws {
    for id in 0..<max(lines.count, modelTokens) {
      let line = id < lines.count ? lines[id] : nil
      let token = vocabulary.token(id)
      guard let line, let token, line.unicodeScalars.elementsEqual(token.unicodeScalars) else {
        throw TokenizationFault.vocabulariesDiffer(id: id, text: line, json: token)
      }
    }
  }
}
