import JSONReading

extension Tokenizer {
  /// The contents of the files in a Hugging Face folder; nil where a file is absent.
  public struct Files: Sendable {
    /// vocab.txt
    public var vocabText: [UInt8]?
    /// tokenizer.json
    public var tokenizerJSON: [UInt8]?
    /// tokenizer_config.json
    public var tokenizerConfig: [UInt8]?
    /// special_tokens_map.json
    public var specialTokensMap: [UInt8]?
    /// added_tokens.json
    public var addedTokens: [UInt8]?
    /// config.json, of which `tokenizer_class` and `model_type` count
    public var modelConfig: [UInt8]?
    /// vocab.json
    public var vocabJSON: [UInt8]?
    /// merges.txt
    public var merges: [UInt8]?
    /// The names of files that belong to other tokenizers, looked for where there is no vocabulary.
    public private(set) var others: [String] = []

    public init(
      vocabText: [UInt8]? = nil, tokenizerJSON: [UInt8]? = nil, tokenizerConfig: [UInt8]? = nil,
      specialTokensMap: [UInt8]? = nil, addedTokens: [UInt8]? = nil, modelConfig: [UInt8]? = nil,
      vocabJSON: [UInt8]? = nil, merges: [UInt8]? = nil
    ) {
      (self.vocabJSON, self.merges) = (vocabJSON, merges)
      (self.vocabText, self.tokenizerJSON) = (vocabText, tokenizerJSON)
      (self.tokenizerConfig, self.specialTokensMap) = (tokenizerConfig, specialTokensMap)
      (self.addedTokens, self.modelConfig) = (addedTokens, modelConfig)
    }

    var hasMerges: Bool { vocabJSON != nil && merges != nil }

    private static let otherNames = [
      "spiece.model", "sentencepiece.bpe.model", "tokenizer.model", "spm.model", "vocab.json", "merges.txt",
    ]

    /// - Parameter contents: gives the bytes of a file by its name.
    public init(_ contents: (String) throws -> [UInt8]?) rethrows {
      self.init(
        vocabText: try contents("vocab.txt"), tokenizerJSON: try contents("tokenizer.json"),
        tokenizerConfig: try contents("tokenizer_config.json"),
        specialTokensMap: try contents("special_tokens_map.json"),
        addedTokens: try contents("added_tokens.json"), modelConfig: try contents("config.json"),
        vocabJSON: try contents("vocab.json"), merges: try contents("merges.txt"))
      guard vocabText == nil, tokenizerJSON == nil, !hasMerges else { return }
      others = try Self.otherNames.filter { try contents($0) != nil }
    }
  }
}

/// What the files say, each read for itself.
struct TokenizerContents {
  let lines: [String]?
  /// Of tokenizer.json, for BERT.
  let json: TokenizerJSON?
  /// Of tokenizer.json, for another class.
  let pipeline: PipelineJSON?
  let config: TokenizerConfig?
  let map: SpecialTokenNames?
  /// Of added_tokens.json: content and id.
  let addedTokens: [(content: String, id: Int)]
  let tokenizerClass: TokenizerClass

  /// - Throws: ``TokenizationFault`` for a file that is malformed or asks for what is not done here.
  init(_ files: Tokenizer.Files) throws {
    config = try read("tokenizer_config.json", files.tokenizerConfig, TokenizerConfig.init)
    let model = try read("config.json", files.modelConfig) {
      (try $0.optional("tokenizer_class")?.string(), try $0.optional("model_type")?.string())
    }
    guard files.vocabText != nil || files.tokenizerJSON != nil || files.hasMerges else {
      throw TokenizationFault.vocabularyMissing(others: files.others)
    }
    let document = try read("tokenizer.json", files.tokenizerJSON) { $0 }
    let kind = try TokenizationFault.inFile("tokenizer.json") { try document.map(PipelineJSON.kind) }
    let tokenizerClass = try TokenizerClass(
      TokenizerClass.Evidence(
        config: config?.tokenizerClass, model: model?.0, modelType: model?.1, json: kind,
        hasVocabText: files.vocabText != nil, hasMerges: files.hasMerges))
    self.tokenizerClass = tokenizerClass
    let isBERT = tokenizerClass == .bert
    try TokenizationFault.inFile("tokenizer_config.json") { [config] in
      try config?.checkRules(isBERT: isBERT)
    }
    (json, pipeline) = try TokenizationFault.inFile("tokenizer.json") {
      guard let document else { return (nil, nil) }
      switch tokenizerClass {
      case .bert: return (try TokenizerJSON(document), nil)
      case .built(let built): return (nil, try PipelineJSON(document, for: built))
      case .ofTokenizerJSON: return (nil, try PipelineJSON(document))
      }
    }
    map = try read("special_tokens_map.json", files.specialTokensMap, SpecialTokenNames.init)
    addedTokens =
      try read("added_tokens.json", files.addedTokens) { document in
        try document.members().map { ($0.key, try $0.field.count()) }
      } ?? []
    lines = try files.vocabText.map(Vocabulary.lines)
  }

  /// The named special tokens and those that are numbered, as transformers 5 finds them: what `added_tokens_decoder`
  /// of tokenizer_config.json says is all; without it special_tokens_map.json outranks tokenizer_config.json, and
  /// added_tokens.json and tokenizer.json list tokens, the latter outranking the former.
  func specialAndNumberedTokens() -> (names: SpecialTokenNames, numbered: [AddedToken]) {
    let own = config?.specialTokens ?? .none
    let listed = json?.addedTokens ?? pipeline?.addedTokens ?? []
    let ofLibrary = tokenizerClass == .ofTokenizerJSON ? listed : []
    if let decoder = config?.addedTokensDecoder { return (own, decoder + ofLibrary) }
    let names = map.map(own.overridden) ?? own
    // As there: the additional tokens of special_tokens_map.json are not asked.
    let special = Set(names: (names.named.map(\.token) + (own.additional ?? [])).map(\.content))
    let ids = Set(listed.map(\.id))
    let legacy = addedTokens.filter { !ids.contains($0.id) }.map {
      AddedToken($0.content, isSpecial: special.contains($0.content), id: $0.id)
    }
    return (names, listed + legacy)
  }
}

func read<Contents>(
  _ file: String, _ bytes: [UInt8]?, _ body: (JSONField) throws -> Contents
) throws -> Contents? {
  try bytes.map { bytes in
    try TokenizationFault.inFile(file) { try body(JSONField(document: bytes, .python)) }
  }
}
