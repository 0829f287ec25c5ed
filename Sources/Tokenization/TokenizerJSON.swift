import JSONReading

/// What counts for BERT in a `tokenizer.json` of Hugging Face; anything else than BERT is a fault.
struct TokenizerJSON {
  /// Of the model, in the order of their ids.
  let tokens: [String]
  let unk: String?
  let rules: Tokenizer.WordRules
  let lowercase: Bool?
  let stripAccents: Bool?
  let splitsChinese: Bool?
  let addedTokens: [Tokenizer.AddedToken]
  private let postProcessor: JSONField?

  init(_ bytes: [UInt8]) throws {
    let document = try JSONField(document: bytes)
    let model = try document.required("model").ofType("WordPiece")
    let normalizer = try document.required("normalizer").ofType("BertNormalizer")
    _ = try document.required("pre_tokenizer").ofType("BertPreTokenizer")
    tokens = try Self.tokens(model.required("vocab"))
    unk = try model.optional("unk_token")?.string()
    rules = try Self.rules(model: model, normalizer: normalizer)
    lowercase = try normalizer.optional("lowercase")?.bool()
    stripAccents = try normalizer.optional("strip_accents")?.bool()
    splitsChinese = try normalizer.optional("handle_chinese_chars")?.bool()
    let added = try document.optional("added_tokens")?.elements() ?? []
    addedTokens = try added.map { try Tokenizer.AddedToken($0, id: $0.required("id").count()) }
    postProcessor = try document.optional("post_processor")
  }

  private static func tokens(_ vocab: JSONField) throws -> [String] {
    let members = try vocab.members()
    var tokens = [String?](repeating: nil, count: members.count)
    for (token, field) in members {
      let id = try field.count()
      guard id < tokens.count, tokens[id] == nil else {
        throw TokenizationFault.vocabularyIDs(count: tokens.count, id: id, token: token)
      }
      tokens[id] = token
    }
    return tokens.compactMap { $0 }
  }

  private static func rules(model: JSONField, normalizer: JSONField) throws -> Tokenizer.WordRules {
    var rules = Tokenizer.WordRules()
    if let cleans = try normalizer.optional("clean_text") { rules.cleansText = try cleans.bool() }
    if let prefix = try model.optional("continuing_subword_prefix") {
      rules.continuingPrefix = try prefix.string()
    }
    if let limit = try model.optional("max_input_chars_per_word") {
      rules.maxCharacters = try limit.count()
    }
    return rules
  }

  /// The template has to be the one that ``Tokenizer/encode(_:pair:)`` follows.
  func checkTemplate(cls: String, sep: String) throws {
    guard let postProcessor else { return }
    let type = try postProcessor.required("type")
    switch try type.string() {
    case "BertProcessing":
      try postProcessor.check("cls", is: cls) { try $0.elements().first?.string() ?? "nothing" }
      try postProcessor.check("sep", is: sep) { try $0.elements().first?.string() ?? "nothing" }
    case "TemplateProcessing":
      let single = "\(cls):0 $A:0 \(sep):0"
      try postProcessor.check("single", is: single, Self.template)
      try postProcessor.check("pair", is: "\(single) $B:1 \(sep):1", Self.template)
    default: throw type.mismatch("\"TemplateProcessing\" or \"BertProcessing\"")
    }
  }

  /// In the notation of `tokenizers`: `[CLS]:0 $A:0 [SEP]:0`.
  private static func template(_ field: JSONField) throws -> String {
    try field.elements().map { element in
      let special = try element.optional("SpecialToken")
      let part = try special ?? element.required("Sequence")
      let id = try part.required("id").string()
      return "\(special == nil ? "$" : "")\(id):\(try part.required("type_id").count())"
    }.joined(separator: " ")
  }
}

extension Tokenizer.AddedToken {
  init(_ field: JSONField, id: Int?) throws {
    self.init(
      content: try field.required("content").string(),
      isNormalized: try field.optional("normalized")?.bool() ?? false, id: id)
    for option in ["single_word", "lstrip", "rstrip"] where try field.optional(option)?.bool() == true {
      throw TokenizationFault.addedTokenOption(token: content, option: option)
    }
  }
}

extension JSONField {
  /// Itself, if its `type` is `expected`.
  fileprivate func ofType(_ expected: String) throws -> JSONField {
    let type = try required("type")
    guard try type.string() == expected else { throw type.mismatch("\"\(expected)\"") }
    return self
  }

  fileprivate func check(_ key: String, is expected: String, _ read: (JSONField) throws -> String) throws {
    let field = try required(key)
    let found = try read(field)
    guard found == expected else { throw field.mismatch(expected, found: found) }
  }
}
