import ExactText
import Faults

/// BERT's tokenizer: BasicTokenizer, then WordPiece, then [CLS] and [SEP] around the texts.
///
/// Gives the tokens, ids and offsets of the fast tokenizers of Hugging Face, for every string. Needs
/// time proportional to the length of the text.
public struct Tokenizer: Sendable {
  /// The model's pieces and the added tokens.
  public let vocabulary: Vocabulary
  public let options: Options
  public let specialTokens: SpecialTokens
  /// The file that the vocabulary is from, for errors.
  let vocabularyFile: String

  private let normalizer: Normalizer
  private let wordPiece: WordPiece
  /// Found in the text as it is.
  private var literals = AddedTokens()
  /// Found in the normalized text.
  private var normalizedLiterals = AddedTokens()

  /// A tokenizer without other added tokens than the special ones.
  public init(
    vocabulary: Vocabulary, options: Options = Options(), specialTokens: SpecialTokens = SpecialTokens()
  ) throws {
    try self.init(
      pieces: vocabulary, options: options, specialTokens: specialTokens, rules: WordRules(),
      added: AddedVocabulary(
        extending: vocabulary,
        with: SpecialRole.allCases.map { AddedToken(specialTokens[$0], isSpecial: true) }),
      vocabularyFile: "vocab.txt")
  }

  /// - Parameter pieces: the model's own, those that words are split into.
  init(
    pieces: Vocabulary, options: Options, specialTokens: SpecialTokens, rules: WordRules,
    added: AddedVocabulary, vocabularyFile: String
  ) throws {
    vocabulary = added.vocabulary
    self.options = options
    self.specialTokens = specialTokens
    self.vocabularyFile = vocabularyFile
    normalizer = Normalizer(
      cleans: rules.cleansText, splitsIdeographs: options.splitsChinese,
      stripsAccents: options.stripAccents ?? options.lowercase, lowercases: options.lowercase)
    wordPiece = WordPiece(
      vocabulary: pieces, continuingPrefix: rules.continuingPrefix, maxCharacters: rules.maxCharacters)
    for token in added.tokens { try addLiteral(token) }
  }

  private mutating func addLiteral(_ token: AddedToken) throws {
    let scalars = Array(token.content.unicodeScalars)
    let id = Int32(vocabulary.id(of: token.content) ?? Self.missing)
    if token.isNormalized {
      try normalizedLiterals.insert(
        token, pattern: normalizer.normalize(scalars, scalars.indices).scalars, id: id)
    } else {
      try literals.insert(token, pattern: scalars, id: id)
    }
  }

  /// Stands for the id of a token that the text has and the vocabulary lacks.
  private static let missing = -1

  /// The id of the token with a role; nil where the vocabulary lacks it.
  public func id(_ role: SpecialRole) -> Int? { vocabulary.id(of: specialTokens[role]) }

  /// - Throws: ``TokenizationFault/specialTokenMissing(role:token:file:)``.
  public func requiredID(_ role: SpecialRole) throws -> Int {
    guard let id = id(role) else {
      throw TokenizationFault.specialTokenMissing(
        role: role.title, token: specialTokens[role], file: vocabularyFile)
    }
    return id
  }

  /// How many entries no text can yield, because lower-casing or stripping accents changes them.
  ///
  /// Entries in square brackets are not counted: they are special tokens and places kept free.
  ///
  /// - Throws: ``Interrupted``.
  public func unreachableEntries() throws -> Int {
    let changes = Normalizer(
      cleans: false, splitsIdeographs: false, stripsAccents: options.stripAccents ?? options.lowercase,
      lowercases: options.lowercase)
    return try wordPiece.vocabulary.pieces.count { piece in
      let scalars = try piece.unicodeScalars.interruptibleMap(\.self)
      guard scalars.first != "[" || scalars.last != "]" else { return false }
      return try changes.normalize(scalars, scalars.indices).scalars != scalars
    }
  }

  /// `[CLS] text [SEP]`, or `[CLS] text [SEP] pair [SEP]`.
  ///
  /// - Throws: ``TokenizationFault/tooLong(length:limit:)`` above `options.maxLength` tokens, nothing is ever cut off;
  ///   ``TokenizationFault/specialTokenMissing(role:token:file:)`` for a special token that the vocabulary lacks, around
  ///   the texts, written in one or for a word that no pieces make up; ``Interrupted``.
  public func encode(_ text: String, pair: String? = nil) throws -> Encoding {
    let (cls, sep) = (try requiredID(.cls), try requiredID(.sep))
    var encoding = Encoding()
    appendSpecial(cls, type: 0, to: &encoding)
    try append(text, type: 0, to: &encoding)
    appendSpecial(sep, type: 0, to: &encoding)
    if let pair {
      try append(pair, type: 1, to: &encoding)
      appendSpecial(sep, type: 1, to: &encoding)
    }
    guard encoding.count <= options.maxLength else {
      throw TokenizationFault.tooLong(length: encoding.count, limit: options.maxLength)
    }
    return encoding
  }

  private func appendSpecial(_ id: Int, type: Int32, to encoding: inout Encoding) {
    encoding.append(vocabulary.name(of: id), id: Int32(id), type: type, offsets: 0..<0, word: nil)
  }

  private func append(_ text: String, type: Int32, to encoding: inout Encoding) throws {
    let scalars = try text.unicodeScalars.interruptibleMap(\.self)
    try literals.forEachPart(of: scalars, scalars.indices) { part, id in
      if let id {
        try append(
          id, in: scalars[part], type: type, offsets: part, word: encoding.nextWord, to: &encoding)
      } else {
        try append(try normalizer.normalize(scalars, part), type: type, to: &encoding)
      }
    }
  }

  private func append(_ text: NormalizedText, type: Int32, to encoding: inout Encoding) throws {
    try normalizedLiterals.forEachPart(of: text.scalars, text.scalars.indices) { part, id in
      if let id {
        try append(
          id, in: text.scalars[part], type: type, offsets: text.original(of: part),
          word: encoding.nextWord, to: &encoding)
      } else {
        try forEachWord(in: text.scalars, part) { word in
          let number = encoding.nextWord
          try wordPiece.forEachPiece(of: word, in: text.scalars) { id, range in
            try append(
              id ?? Int32(requiredID(.unk)), in: text.scalars[range], type: type,
              offsets: text.original(of: range), word: number, to: &encoding)
          }
        }
      }
    }
  }

  /// - Parameter part: what the token was found in, for an error.
  private func append(
    _ id: Int32, in part: ArraySlice<Unicode.Scalar>, type: Int32, offsets: Range<Int>, word: Int,
    to encoding: inout Encoding
  ) throws {
    guard id != Self.missing else { throw missingToken(in: part) }
    encoding.append(vocabulary.name(of: Int(id)), id: id, type: type, offsets: offsets, word: word)
  }

  private func missingToken(in part: ArraySlice<Unicode.Scalar>) -> TokenizationFault {
    let text = String(String.UnicodeScalarView(part.filter { !$0.properties.isWhitespace }))
    let role = SpecialRole.allCases.first { specialTokens[$0] == text }
    return .specialTokenMissing(role: role?.title, token: text, file: vocabularyFile)
  }
}

/// The second half of BERT's BasicTokenizer: words end at white space; punctuation stands alone.
private func forEachWord(
  in text: [Unicode.Scalar], _ part: Range<Int>, _ body: (Range<Int>) throws -> Void
) throws {
  var start = part.lowerBound
  var steps = Steps()
  for index in part {
    try steps.next()
    guard text[index].isWordSeparator || text[index].isWordOfItsOwn else { continue }
    if start < index { try body(start..<index) }
    if !text[index].isWordSeparator { try body(index..<index + 1) }
    start = index + 1
  }
  if start < part.upperBound { try body(start..<part.upperBound) }
}
