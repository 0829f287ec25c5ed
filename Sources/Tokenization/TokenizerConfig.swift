import Faults
import JSONReading

/// What counts for BERT in a `tokenizer_config.json` of Hugging Face; every entry may be absent.
struct TokenizerConfig {
  let lowercase: Bool?
  let stripAccents: Bool?
  let splitsChinese: Bool?
  /// Nil also where the file says that there is no limit.
  let maxLength: Int?
  /// Names by role: "unk", "sep", "pad", "cls", "mask".
  let specialTokens: [String: String]
  let addedTokens: [Tokenizer.AddedToken]

  init(_ bytes: [UInt8]) throws {
    let document = try JSONField(document: bytes)
    lowercase = try document.optional("do_lower_case")?.bool()
    stripAccents = try document.optional("strip_accents")?.bool()
    splitsChinese = try document.optional("tokenize_chinese_chars")?.bool()
    maxLength = try document.optional("model_max_length").flatMap(Self.maxLength)
    var names: [String: String] = [:]
    for role in ["unk", "sep", "pad", "cls", "mask"] {
      names[role] = try document.optional("\(role)_token")?.tokenContent()
    }
    specialTokens = names
    addedTokens = try Self.addedTokens(document)
  }

  /// Models without a limit have 10^30 there. No position table comes near 10^9 rows.
  private static func maxLength(_ field: JSONField) throws -> Int? {
    if try field.number() > 1e9 { return nil }
    let length = try field.count()
    guard length > 0 else { throw field.mismatch("a whole number from 1") }
    return length
  }

  private static func addedTokens(_ document: JSONField) throws -> [Tokenizer.AddedToken] {
    let numbered = try document.optional("added_tokens_decoder").map(numberedTokens) ?? []
    let additional = try document.optional("additional_special_tokens")?.elements() ?? []
    return try numbered
      + additional.map {
        Tokenizer.AddedToken(content: try $0.tokenContent(), isNormalized: false, id: nil)
      }
  }

  private static func numberedTokens(_ decoder: JSONField) throws -> [Tokenizer.AddedToken] {
    try decoder.members().map { key, field in
      guard let id = Int(key), id >= 0 else {
        throw decoder.mismatch("ids as names", found: quoted(key))
      }
      return try Tokenizer.AddedToken(field, id: id)
    }
  }
}

extension JSONField {
  /// A token is written as a string, or as an object with its `content`.
  fileprivate func tokenContent() throws -> String {
    switch value {
    case .string(let string): return string
    case .object: return try required("content").string()
    default: throw mismatch("a string or an object with \"content\"")
    }
  }
}
