import ExactText
import Faults
import JSONReading

/// The `model` of a tokenizer.json: its entries, and what makes a ``TokenModel`` of them.
struct ModelJSON {
  enum Kind: String, CaseIterable {
    case bpe = "BPE"
    case wordPiece = "WordPiece"
    case wordLevel = "WordLevel"
    case unigram = "Unigram"
  }

  let vocabulary: Vocabulary
  let model: TokenModel
  /// For text without a token.
  let unknown: Int32?

  init(vocabulary: Vocabulary, model: TokenModel, unknown: Int32?) {
    (self.vocabulary, self.model, self.unknown) = (vocabulary, model, unknown)
  }

  /// - Parameter built: the class whose flags count in place of the file's.
  init(_ field: JSONField, for built: BuiltTokenizer?) throws {
    switch try Self.knownKind(field) {
    case .bpe:
      if let built, built.isUnigram { throw field.mismatch("the model of \(built.rawValue), Unigram") }
      (vocabulary, model) = try Self.bpe(field, built)
      unknown = nil
    case .unigram:
      if let built, !built.isUnigram { throw field.mismatch("the model of \(built.rawValue), BPE") }
      (vocabulary, model, unknown) = try Self.unigram(field, built)
    case .wordPiece:
      if let built { throw field.mismatch("the model of \(built.rawValue)", found: "a WordPiece model") }
      (vocabulary, model, unknown) = try Self.wordPiece(field)
    case .wordLevel:
      if let built { throw field.mismatch("the model of \(built.rawValue)", found: "a WordLevel model") }
      (vocabulary, model, unknown) = try Self.wordLevel(field)
    }
  }

  /// Files from before tokenizers 0.9 do not say what a model is; the library takes the first kind whose fields are all
  /// there (`ModelUntagged`): BPE, WordPiece, WordLevel, Unigram.
  ///
  /// - Returns: nil for another kind than these.
  static func kind(_ model: JSONField) throws -> Kind? {
    if let type = try model.optional("type") {
      guard case .string(let name) = type.value else { return nil }
      return Kind.allCases.first { $0.rawValue == name }
    }
    func has(_ keys: String...) throws -> Bool { try keys.allSatisfy { try model.optional($0) != nil } }
    if try has("vocab", "merges") { return .bpe }
    if try has("unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab") {
      return .wordPiece
    }
    if try has("vocab", "unk_token") { return .wordLevel }
    if case .array? = try model.optional("vocab")?.value { return .unigram }
    return nil
  }

  private static func knownKind(_ model: JSONField) throws -> Kind {
    if let kind = try kind(model) { return kind }
    let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
    if let type = try model.optional("type") { throw type.mismatch("a model of: \(kinds)") }
    throw model.mismatch("the fields of a model of: \(kinds)")
  }

  // MARK: - Kinds

  /// `vocab` as an object of ids.
  static func entries(_ vocab: JSONField) throws -> [(token: String, id: Int)] {
    var steps = Steps()
    return try vocab.members().map { token, field in
      try steps.next()
      let id = try field.count()
      guard id <= Vocabulary.largestID else { throw TokenizationFault.idTooLarge(token: token, id: id) }
      return (token, id)
    }
  }

  /// The id of the token that `key` names; a name that is no entry is refused, since text would be lost.
  private static func unknown(_ key: String, _ field: JSONField, _ vocabulary: Vocabulary) throws -> Int32? {
    guard let name = try field.optional(key) else { return nil }
    guard let id = vocabulary.id(of: try name.string()) else { throw name.mismatch("an entry of vocab") }
    return Int32(id)
  }

  private static func wordPiece(_ field: JSONField) throws -> (Vocabulary, TokenModel, Int32?) {
    try field.checkKeys("unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab")
    let vocabulary = try Vocabulary(entries: entries(field.required("vocab")))
    let rules = try TokenizerJSON.rules(model: field, normalizer: nil)
    let model = WordPiece(
      vocabulary: vocabulary, continuingPrefix: rules.continuingPrefix, maxCharacters: rules.maxCharacters)
    return (vocabulary, .wordPiece(model), try unknown("unk_token", field, vocabulary))
  }

  private static func wordLevel(_ field: JSONField) throws -> (Vocabulary, TokenModel, Int32?) {
    try field.checkKeys("unk_token", "vocab")
    let vocabulary = try Vocabulary(entries: entries(field.required("vocab")))
    let unknown = vocabulary.id(of: try field.required("unk_token").string()).map(Int32.init)
    return (vocabulary, .wordLevel(WordLevel(vocabulary: vocabulary, unknown: unknown)), unknown)
  }

  private static func unigram(_ field: JSONField, _ built: BuiltTokenizer?) throws -> (
    Vocabulary, TokenModel, Int32?
  ) {
    try field.checkKeys("unk_id", "vocab", "byte_fallback")
    var (entries, scores): ([(String, Int)], [Double]) = ([], [])
    var steps = Steps()
    for entry in try field.required("vocab").elements() {
      try steps.next()
      let parts = try entry.elements()
      guard parts.count == 2 else { throw entry.mismatch("a piece and its score") }
      entries.append((try parts[0].string(), entries.count))
      scores.append(try parts[1].number())
    }
    let vocabulary = try Vocabulary(entries: entries)
    let unknown = try unigramUnknown(field, built, vocabulary, entries.count)
    let usesBytes = built == nil ? try field.bool("byte_fallback", default: false) : false
    let model = Unigram(
      vocabulary: vocabulary, scores: scores, unknown: unknown,
      byteTokens: usesBytes ? vocabulary.byteTokens : nil)
    return (vocabulary, .unigram(model), unknown)
  }

  /// The classes know the place of their unknown token.
  private static func unigramUnknown(
    _ field: JSONField, _ built: BuiltTokenizer?, _ vocabulary: Vocabulary, _ count: Int
  ) throws -> Int32? {
    switch built {
    case .albert?: return 1
    case .xlmRoberta?: return 3
    case .camembert?: return Int32(vocabulary.id(of: "<unk>") ?? 0)
    default: break
    }
    guard let unknown = try field.optional("unk_id") else { return nil }
    let id = try unknown.count()
    guard id < count else { throw unknown.mismatch("less than \(count), the entries of vocab") }
    return Int32(id)
  }

  private static func bpe(_ field: JSONField, _ built: BuiltTokenizer?) throws -> (Vocabulary, TokenModel) {
    try field.checkKeys(
      "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback",
      "ignore_merges", "vocab", "merges")
    if let dropout = try field.optional("dropout"), try dropout.anyNumber() != 0 {
      throw dropout.mismatch("no dropout, which makes tokens at random")
    }
    let vocabulary = try Vocabulary(entries: entries(field.required("vocab")))
    let prefix = built == nil ? try field.optional("continuing_subword_prefix")?.string() ?? "" : ""
    let merges = try merges(field.required("merges"), MergeReader(vocabulary, continuingPrefix: prefix))
    var options = built?.bpeOptions(vocabulary) ?? BPE.Options()
    if built == nil {
      options.unknown = try unknown("unk_token", field, vocabulary)
      options.fusesUnknown = try field.bool("fuse_unk", default: false)
      options.byteTokens = try field.bool("byte_fallback", default: false) ? vocabulary.byteTokens : nil
      options.ignoresMerges = try field.bool("ignore_merges", default: false)
      options.continuingPrefix = Array(prefix.unicodeScalars)
      options.wordSuffix = Array(
        try field.optional("end_of_word_suffix")?.string().unicodeScalars ?? "".unicodeScalars)
    }
    return (vocabulary, .bpe(try BPE(vocabulary: vocabulary, merges: merges, options: options)))
  }

  /// As pairs, or as texts with a blank between two pieces.
  private static func merges(_ list: JSONField, _ reader: MergeReader) throws -> [MergeReader.Merge] {
    var merges: [MergeReader.Merge] = []
    var steps = Steps()
    for field in try list.elements() {
      try steps.next()
      let (left, right): (String, String)
      if case .string(let text) = field.value {
        if text.hasPrefix("#version") { continue }
        guard let pair = MergeReader.pair(text) else {
          throw field.mismatch("two pieces with a blank between them")
        }
        (left, right) = pair
      } else {
        let parts = try field.elements()
        guard parts.count == 2 else { throw field.mismatch("two pieces") }
        (left, right) = (try parts[0].string(), try parts[1].string())
      }
      switch reader.merge(left, right) {
      case .merge(let merge): merges.append(merge)
      case .missing(let token):
        throw field.mismatch("pieces that are entries of vocab, as is what they become", found: quoted(token))
      }
    }
    return merges
  }
}

extension BuiltTokenizer {
  /// The flags of the class.
  func bpeOptions(_ vocabulary: Vocabulary) -> BPE.Options {
    var options = BPE.Options()
    guard self == .llama || self == .gemma else { return options }
    options.fusesUnknown = true
    options.byteTokens = vocabulary.byteTokens
    if self == .gemma { options.unknown = vocabulary.id(of: "<unk>").map(Int32.init) }
    return options
  }
}
