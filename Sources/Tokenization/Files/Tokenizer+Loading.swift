import Faults

extension Tokenizer {
  /// From the files of a Hugging Face folder.
  ///
  /// What tokenizer it is decides ``TokenizerClass``, as `AutoTokenizer` of transformers 5 does. BERT's vocabulary is in
  /// vocab.txt or in tokenizer.json; if in both they have to agree. What tokenizer_config.json says about lower case, accents
  /// and ideographs outranks tokenizer.json; what neither says is as in bert-base-uncased. Other vocabularies are in
  /// tokenizer.json, else in vocab.json and merges.txt.
  ///
  /// - Parameters:
  ///   - positions: of the model, in tokens.
  ///   - rows: embeddings of the model; special tokens that the vocabulary goes on with and that have none are not
  ///     there.
  /// - Throws: ``TokenizationFault`` for a file that is malformed, asks for what is not done here, or is at odds with another.
  public static func load(_ files: Files, positions: Int, rows: Int = .max) throws -> Tokenizer {
    let contents = try TokenizerContents(files)
    switch contents.tokenizerClass {
    case .bert: return try bert(contents, files, positions: positions, rows: rows)
    case .ofTokenizerJSON:
      guard let json = contents.pipeline else {
        throw TokenizationFault.vocabularyMissing(others: files.others)
      }
      return try described(json, contents, positions: positions, rows: rows)
    case .built(let built):
      return try Self.built(built, contents, files, positions: positions, rows: rows)
    }
  }

  private static func bert(_ contents: TokenizerContents, _ files: Files, positions: Int, rows: Int) throws
    -> Tokenizer
  {
    let (json, lines) = (contents.json, contents.lines)
    guard let pieces = try vocabulary(json, lines) else {
      throw TokenizationFault.vocabularyMissing(others: files.others)
    }
    let (names, numbered) = contents.specialAndNumberedTokens()
    var defaults = SpecialTokens()
    if let unk = json?.unk { defaults.unk = unk }
    let specialTokens = specialTokens(defaults, names)
    let all = SpecialTokenNames(specialTokens).overridden(by: names)
    let added = try AddedVocabulary(
      extending: pieces, numbered: numbered, named: all.named.map(\.token),
      additional: all.additional ?? [], rows: rows)
    if json != nil, let lines { try checkAgreement(lines, pieces, added.vocabulary) }
    try TokenizationFault.inFile("tokenizer.json") {
      try json?.checkTemplate(cls: specialTokens.cls ?? "", sep: specialTokens.sep ?? "")
    }
    return try Tokenizer(
      pieces: pieces, options: options(contents, positions), specialTokens: specialTokens,
      rules: json?.rules ?? WordRules(), added: added,
      vocabularyFile: json == nil ? "vocab.txt" : "tokenizer.json")
  }

  private static func vocabulary(_ json: TokenizerJSON?, _ lines: [String]?) throws -> Vocabulary? {
    if let json { return try Vocabulary(entries: json.entries) }
    return try lines.map(Vocabulary.init(tokens:))
  }

  private static func options(_ contents: TokenizerContents, _ positions: Int) -> Options {
    let (json, config) = (contents.json, contents.config)
    let lowercase = config?.lowercase ?? json?.lowercase
    return Options(
      lowercase: lowercase ?? true, assumesLowercase: lowercase == nil,
      stripAccents: config?.stripAccents ?? json?.stripAccents,
      splitsChinese: config?.splitsChinese ?? json?.splitsChinese ?? true, maxLength: positions,
      usualLength: usualLength(contents, positions))
  }

  static func usualLength(_ contents: TokenizerContents, _ positions: Int) -> Int? {
    contents.config?.usualLength.flatMap { $0 < positions ? $0 : nil }
  }

  /// - Parameter defaults: what counts where `names` has no token of a role.
  static func specialTokens(_ defaults: SpecialTokens, _ names: SpecialTokenNames) -> SpecialTokens {
    var tokens = defaults
    for role in SpecialRole.allCases {
      if let token = names[role] { tokens[role] = token.content }
    }
    return tokens
  }

  /// vocab.txt may end with the model's own tokens or go on with added ones; its repeated and blank lines do not count.
  private static func checkAgreement(_ lines: [String], _ pieces: Vocabulary, _ vocabulary: Vocabulary)
    throws
  {
    let text = try Vocabulary(tokens: lines)
    var steps = Steps()
    for token in text.pieces {
      try steps.next()
      guard text.id(of: token) != vocabulary.id(of: token) else { continue }
      throw TokenizationFault.vocabulariesDiffer(
        token: token, text: text.id(of: token), json: vocabulary.id(of: token))
    }
    for token in pieces.pieces {
      try steps.next()
      guard text.id(of: token) == nil else { continue }
      throw TokenizationFault.vocabulariesDiffer(token: token, text: nil, json: pieces.id(of: token))
    }
  }
}
