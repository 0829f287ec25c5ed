import ExactText
import Faults

extension Tokenizer {
  /// BERT's tokenizer: BasicTokenizer, then WordPiece, then [CLS] and [SEP] around the texts; without other added tokens than
  /// the special ones.
  public init(
    vocabulary: Vocabulary, options: Options = Options(), specialTokens: SpecialTokens = SpecialTokens()
  ) throws {
    let tokens = SpecialRole.allCases.compactMap { role in
      specialTokens[role].map { AddedToken($0, isSpecial: true) }
    }
    try self.init(
      pieces: vocabulary, options: options, specialTokens: specialTokens, rules: WordRules(),
      added: AddedVocabulary(extending: vocabulary, with: tokens), vocabularyFile: "vocab.txt")
  }

  /// - Parameter pieces: the model's own, those that words are split into.
  init(
    pieces: Vocabulary, options: Options, specialTokens: SpecialTokens, rules: WordRules,
    added: AddedVocabulary, vocabularyFile: String
  ) throws {
    let normalizer = BertNormalizer(
      cleans: rules.cleansText, splitsIdeographs: options.splitsChinese,
      stripsAccents: options.stripAccents ?? options.lowercase, lowercases: options.lowercase)
    let model = WordPiece(
      vocabulary: pieces, continuingPrefix: rules.continuingPrefix, maxCharacters: rules.maxCharacters)
    func around(_ role: SpecialRole) -> (String, [Int32]) {
      let token = specialTokens[role] ?? ""
      return (token, added.vocabulary.id(of: token).map { [Int32($0)] } ?? [])
    }
    let (single, pair) = PostProcessor.bert(around(.cls), around(.sep))
    try self.init(
      pipeline: Pipeline(
        normalizer: .bert(normalizer), preTokenizer: .bert, model: .wordPiece(model), unknown: nil,
        postProcessor: PostProcessor(single: single, pair: pair),
        decoder: .wordPiece(prefix: rules.continuingPrefix, cleansUp: true)),
      options: options, specialTokens: specialTokens, added: added, vocabularyFile: vocabularyFile)
  }

  /// How many entries no text can yield, because lower-casing or stripping accents changes them.
  ///
  /// Entries in square brackets are not counted: they are special tokens and places kept free.
  ///
  /// - Throws: ``Interrupted``.
  public func unreachableEntries() throws -> Int {
    let changes = BertNormalizer(
      cleans: false, splitsIdeographs: false, stripsAccents: options.stripAccents ?? options.lowercase,
      lowercases: options.lowercase)
    return try pipeline.model.vocabulary.pieces.count { piece in
      let scalars = try piece.unicodeScalars.interruptibleMap(\.self)
      guard scalars.first != "[" || scalars.last != "]" else { return false }
      return try changes.normalize(NormalizedText(scalars, scalars.indices)).scalars != scalars
    }
  }
}
