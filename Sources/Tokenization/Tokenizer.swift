/// BERT's tokenizer: BasicTokenizer, then WordPiece, then [CLS] and [SEP] around the texts.
///
/// Gives the tokens, ids and offsets of the fast tokenizers of Hugging Face, for every string. Needs
/// time proportional to the length of the text.
public struct Tokenizer: Sendable {
  public let vocabulary: Vocabulary
  public let options: Options
  public let specialTokens: SpecialTokens
  public let unkID: Int
  public let sepID: Int
  public let padID: Int
  public let clsID: Int
  public let maskID: Int

  private let normalizer: Normalizer
  private let wordPiece: WordPiece
  /// Found in the text as it is.
  private var literals = AddedTokens()
  /// Found in the normalized text.
  private var normalizedLiterals = AddedTokens()

  /// - Throws: ``TokenizationFault`` when a special token is not in the vocabulary.
  public init(
    vocabulary: Vocabulary, options: Options = Options(), specialTokens: SpecialTokens = SpecialTokens()
  ) throws {
    try self.init(
      vocabulary: vocabulary, options: options, specialTokens: specialTokens, rules: WordRules(), added: [])
  }

  init(
    vocabulary: Vocabulary, options: Options, specialTokens: SpecialTokens, rules: WordRules,
    added: [AddedToken]
  ) throws {
    self.vocabulary = vocabulary
    self.options = options
    self.specialTokens = specialTokens
    unkID = try Self.id(of: specialTokens.unk, role: "unknown", in: vocabulary)
    sepID = try Self.id(of: specialTokens.sep, role: "separator", in: vocabulary)
    padID = try Self.id(of: specialTokens.pad, role: "padding", in: vocabulary)
    clsID = try Self.id(of: specialTokens.cls, role: "classification", in: vocabulary)
    maskID = try Self.id(of: specialTokens.mask, role: "mask", in: vocabulary)
    normalizer = Normalizer(
      cleans: rules.cleansText, splitsIdeographs: options.splitsChinese,
      stripsAccents: options.stripAccents ?? options.lowercase, lowercases: options.lowercase)
    wordPiece = WordPiece(
      vocabulary: vocabulary, unknownID: Int32(unkID), continuingPrefix: rules.continuingPrefix,
      maxCharacters: rules.maxCharacters)
    for token in specialTokens.all { addLiteral(AddedToken(content: token, isNormalized: false)) }
    for token in added { addLiteral(token) }
  }

  private static func id(of token: String, role: String, in vocabulary: Vocabulary) throws -> Int {
    guard let id = vocabulary.id(of: token) else {
      throw TokenizationFault.specialTokenMissing(role: role, token: token)
    }
    return id
  }

  private mutating func addLiteral(_ token: AddedToken) {
    guard let id = vocabulary.id(of: token.content) else {
      preconditionFailure("added token \(token.content) is not in the vocabulary")
    }
    let scalars = Array(token.content.unicodeScalars)
    if token.isNormalized {
      normalizedLiterals.insert(normalizer.normalize(scalars, scalars.indices).scalars, id: Int32(id))
    } else {
      literals.insert(scalars, id: Int32(id))
    }
  }

  /// `[CLS] text [SEP]`, or `[CLS] text [SEP] pair [SEP]`.
  ///
  /// - Throws: ``TokenizationFault/tooLong(length:limit:)`` above `options.maxLength` tokens. Nothing
  ///   is ever cut off.
  public func encode(_ text: String, pair: String? = nil) throws -> Encoding {
    var encoding = Encoding()
    appendSpecial(specialTokens.cls, clsID, type: 0, to: &encoding)
    append(text, type: 0, to: &encoding)
    appendSpecial(specialTokens.sep, sepID, type: 0, to: &encoding)
    if let pair {
      append(pair, type: 1, to: &encoding)
      appendSpecial(specialTokens.sep, sepID, type: 1, to: &encoding)
    }
    guard encoding.count <= options.maxLength else {
      throw TokenizationFault.tooLong(length: encoding.count, limit: options.maxLength)
    }
    return encoding
  }

  private func appendSpecial(_ token: String, _ id: Int, type: Int32, to encoding: inout Encoding) {
    encoding.append(token, id: Int32(id), type: type, offsets: 0..<0, word: nil)
  }

  private func append(_ text: String, type: Int32, to encoding: inout Encoding) {
    let scalars = Array(text.unicodeScalars)
    literals.forEachPart(of: scalars, scalars.indices) { part, id in
      if let id {
        append(id, type: type, offsets: part, word: encoding.nextWord, to: &encoding)
      } else {
        append(normalizer.normalize(scalars, part), type: type, to: &encoding)
      }
    }
  }

  private func append(_ text: NormalizedText, type: Int32, to encoding: inout Encoding) {
    normalizedLiterals.forEachPart(of: text.scalars, text.scalars.indices) { part, id in
      if let id {
        append(
          id, type: type, offsets: text.original(of: part), word: encoding.nextWord, to: &encoding)
      } else {
        forEachWord(in: text.scalars, part) { word in
          let number = encoding.nextWord
          wordPiece.forEachPiece(of: word, in: text.scalars) { id, range in
            append(id, type: type, offsets: text.original(of: range), word: number, to: &encoding)
          }
        }
      }
    }
  }

  private func append(
    _ id: Int32, type: Int32, offsets: Range<Int>, word: Int, to encoding: inout Encoding
  ) {
    guard let token = vocabulary.token(Int(id)) else { preconditionFailure("no token \(id)") }
    encoding.append(token, id: id, type: type, offsets: offsets, word: word)
  }
}

/// The second half of BERT's BasicTokenizer: words end at white space; punctuation stands alone.
private func forEachWord(
  in text: [Unicode.Scalar], _ part: Range<Int>, _ body: (Range<Int>) -> Void
) {
  var start = part.lowerBound
  for index in part where text[index].isWordSeparator || text[index].isWordOfItsOwn {
    if start < index { body(start..<index) }
    if !text[index].isWordSeparator { body(index..<index + 1) }
    start = index + 1
  }
  if start < part.upperBound { body(start..<part.upperBound) }
}
