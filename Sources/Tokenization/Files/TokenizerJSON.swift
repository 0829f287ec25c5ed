import ExactText
import JSONReading

/// What counts for BERT in a `tokenizer.json` of Hugging Face; anything else than BERT is a fault.
struct TokenizerJSON {
  /// Of the model, with their ids.
  let entries: [(token: String, id: Int)]
  let unk: String?
  let rules: Tokenizer.WordRules
  let lowercase: Bool?
  let stripAccents: Bool?
  let splitsChinese: Bool?
  let addedTokens: [AddedToken]
  private let postProcessor: JSONField?

  init(_ document: JSONField) throws {
    let model = try Self.wordPiece(document.required("model"))
    let normalizer = try document.required("normalizer").ofType("BertNormalizer")
    _ = try document.required("pre_tokenizer").ofType("BertPreTokenizer")
    entries = try ModelJSON.entries(model.required("vocab"))
    unk = try model.optional("unk_token")?.string()
    rules = try Self.rules(model: model, normalizer: normalizer)
    lowercase = try normalizer.optional("lowercase")?.bool()
    stripAccents = try normalizer.optional("strip_accents")?.bool()
    splitsChinese = try normalizer.optional("handle_chinese_chars")?.bool()
    addedTokens = try Self.addedTokens(document)
    postProcessor = try document.optional("post_processor")
  }

  static func addedTokens(_ document: JSONField) throws -> [AddedToken] {
    let added = try document.optional("added_tokens")?.elements() ?? []
    return try added.map { try AddedToken($0, id: $0.required("id").count()) }
  }

  /// The model, if it is a WordPiece.
  private static func wordPiece(_ model: JSONField) throws -> JSONField {
    if try model.optional("type") != nil { return try model.ofType("WordPiece") }
    let kind = try ModelJSON.kind(model)
    if kind == .wordPiece { return model }
    guard let kind else { throw model.mismatch("the fields of a WordPiece model") }
    throw model.mismatch(
      "a WordPiece model", found: "one without \"type\" whose fields are those of \(kind.rawValue)")
  }

  static func rules(model: JSONField, normalizer: JSONField?) throws -> Tokenizer.WordRules {
    var rules = Tokenizer.WordRules()
    if let cleans = try normalizer?.optional("clean_text") { rules.cleansText = try cleans.bool() }
    if let prefix = try model.optional("continuing_subword_prefix") {
      rules.continuingPrefix = try prefix.string()
    }
    if let limit = try model.optional("max_input_chars_per_word") {
      rules.maxCharacters = try limit.count()
      // The time of a word grows with this number times the length of a piece.
      guard rules.maxCharacters <= Tokenizer.WordRules.mostCharacters else {
        throw limit.mismatch("at most \(Tokenizer.WordRules.mostCharacters)", found: "\(rules.maxCharacters)")
      }
    }
    return rules
  }

  /// The template has to be the one that ``Tokenizer/encode(_:pair:)`` follows.
  ///
  /// A missing one is none of the library's: the class puts its own there.
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
