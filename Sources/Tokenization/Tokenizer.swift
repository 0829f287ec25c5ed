import ExactText
import Faults

/// What makes tokens of texts: normalizer, pre-tokenizer, model, and what is put around them, as a model's files describe.
///
/// Gives the tokens, ids and offsets of Hugging Face `tokenizers`, for every string. Needs time proportional to the length of
/// the text, for words that no pre-tokenizer splits n log n.
///
/// - ``encode(_:pair:addSpecial:)`` makes tokens, ``decode(_:skipSpecial:)`` text;
/// - ``entry(_:continuing:)`` is the one entry of a word;
/// - ``text(of:)`` is how a token reads.
public struct Tokenizer: Sendable {
  /// The model's pieces and the added tokens.
  public let vocabulary: Vocabulary
  public let options: Options
  public let specialTokens: SpecialTokens
  /// The file that the vocabulary is from, for errors.
  let vocabularyFile: String
  let pipeline: Pipeline
  let added: AddedVocabulary
  let addedIDs: Set<Int32>
  /// By id: how the added tokens read when they are found in normalized text.
  let normalizedForms: [Int32: String]

  /// Found in the text as it is.
  private var literals = AddedTokens()
  /// Found in the normalized text.
  private var normalizedLiterals = AddedTokens()

  init(
    pipeline: Pipeline, options: Options, specialTokens: SpecialTokens, added: AddedVocabulary,
    vocabularyFile: String
  ) throws {
    vocabulary = added.vocabulary
    (self.pipeline, self.options, self.specialTokens) = (pipeline, options, specialTokens)
    (self.added, self.vocabularyFile) = (added, vocabularyFile)
    addedIDs = Set(added.tokens.lazy.compactMap { added.vocabulary.id(of: $0.content).map(Int32.init) })
    var forms: [Int32: String] = [:]
    for token in added.tokens {
      let scalars = Array(token.content.unicodeScalars)
      let id = Int32(vocabulary.id(of: token.content) ?? Self.missing)
      guard token.isNormalized else {
        try literals.insert(token, pattern: scalars, id: id)
        continue
      }
      let text = try NormalizedText(scalars, scalars.indices)
      let normalized = try pipeline.normalizer?.normalize(text).scalars ?? scalars
      try normalizedLiterals.insert(token, pattern: normalized, id: id)
      if normalized != scalars { forms[id] = String(String.UnicodeScalarView(normalized)) }
    }
    normalizedForms = forms
  }

  /// Stands for the id of a token that the text has and the vocabulary lacks.
  private static let missing = -1

  /// The id of the token with a role; nil where there is none or the vocabulary lacks it.
  public func id(_ role: SpecialRole) -> Int? { specialTokens[role].flatMap(vocabulary.id(of:)) }

  /// - Throws: ``TokenizationFault/specialTokenMissing(role:token:file:)``, ``TokenizationFault/roleMissing(_:)``.
  public func requiredID(_ role: SpecialRole) throws -> Int {
    if let id = id(role) { return id }
    guard let token = specialTokens[role] else { throw TokenizationFault.roleMissing(role.title) }
    throw TokenizationFault.specialTokenMissing(role: role.title, token: token, file: vocabularyFile)
  }

  /// How many special tokens ``encode(_:pair:addSpecial:)`` puts before and behind a single text.
  public var around: (before: Int, behind: Int) { pipeline.postProcessor.around }

  // MARK: - Encoding

  /// The tokens of a text or of a pair, with the special tokens that the model was trained with around them: `[CLS] text
  /// [SEP] pair [SEP]` for BERT, nothing for GPT-2.
  ///
  /// - Parameter addSpecial: whether tokens are put around the texts; those written in them are recognised in any case.
  /// - Throws: ``TokenizationFault/tooLong(length:limit:)`` above `options.maxLength` tokens, nothing is ever cut off;
  ///   ``TokenizationFault/specialTokenMissing(role:token:file:)`` for a special token that the vocabulary lacks, around
  ///   the texts, written in one or for a word that no pieces make up; ``TokenizationFault/patternTooCostly(_:)``;
  ///   ``Interrupted``.
  public func encode(_ text: String, pair: String? = nil, addSpecial: Bool = true) throws -> Encoding {
    let processor = pipeline.postProcessor
    let template = pair == nil ? processor.single : processor.pair
    if addSpecial { try checkSpecial(template) }
    var sequences = [try tokens(of: text)]
    if let pair { sequences.append(try tokens(of: pair)) }
    for trim in processor.trims {
      for index in sequences.indices { try trim.apply(to: &sequences[index], vocabulary) }
    }
    var encoding = Encoding()
    for piece in template {
      switch piece {
      case .sequence(let index, let type): try append(sequences[index], type, to: &encoding)
      case .special(_, let ids, let type) where addSpecial:
        for id in ids { encoding.append(name(id), id: id, type: type, offsets: 0..<0, word: nil) }
      case .special: break
      }
    }
    guard encoding.count <= options.maxLength else {
      throw TokenizationFault.tooLong(length: encoding.count, limit: options.maxLength)
    }
    return encoding
  }

  private func checkSpecial(_ template: [PostProcessor.Piece]) throws {
    for case .special(let token, let ids, _) in template where ids.isEmpty { throw missing(token) }
  }

  private func append(_ tokens: [TextToken], _ type: Int32, to encoding: inout Encoding) throws {
    var steps = Steps()
    for token in tokens {
      try steps.next()
      encoding.append(
        name(token.id), id: token.id, type: type, offsets: token.offsets, word: token.word)
    }
  }

  private func name(_ id: Int32) -> String { vocabulary.name(of: Int(id)) }

  /// - Parameter addsPrefix: whether the pipeline may put a blank in front.
  func tokens(of text: String, addsPrefix: Bool = true) throws -> [TextToken] {
    let scalars = try Self.scalars(of: text)
    var pieces = try pieces(of: scalars, addsPrefix)
    if let preTokenizer = pipeline.preTokenizer {
      pieces = try preTokenizer.apply(to: pieces, addsPrefix: addsPrefix)
    }
    let (cache, model) = (WordCache(), pipeline.model)
    var tokens: [TextToken] = []
    tokens.reserveCapacity(pieces.count)
    var steps = Steps()
    for (word, piece) in pieces.enumerated() {
      try steps.next()
      if let id = piece.token {
        let blanks = PostProcessor.Trim.blanks(of: piece.text.scalars[piece.range])
        let offsets = piece.text.original(of: piece.range)
        tokens.append(TextToken(id: id, offsets: offsets, word: word, blanks: blanks))
        continue
      }
      try model.forEachToken(of: piece.range, in: piece.text.scalars, cache) { id, range in
        tokens.append(
          TextToken(
            id: try id ?? unknownID(), offsets: piece.text.original(of: range), word: word, blanks: nil))
      }
    }
    return tokens
  }

  /// A loop here, which the compiler makes one of scalars; `interruptibleMap` is for any elements.
  private static func scalars(of text: String) throws -> [Unicode.Scalar] {
    var scalars: [Unicode.Scalar] = []
    scalars.reserveCapacity(text.utf8.count)
    var steps = Steps()
    for scalar in text.unicodeScalars {
      try steps.next()
      scalars.append(scalar)
    }
    return scalars
  }

  /// The text normalized and split at added tokens.
  private func pieces(of scalars: [Unicode.Scalar], _ addsPrefix: Bool) throws -> [TextPiece] {
    var pieces: [TextPiece] = []
    func append(_ text: NormalizedText, _ part: Range<Int>, _ id: Int32?) throws {
      guard !part.isEmpty else { return }
      if id == Int32(Self.missing) { throw missing(written: text.scalars[part]) }
      pieces.append(TextPiece(text, part, token: id))
    }
    try literals.forEachPart(of: scalars, scalars.indices) { part, id in
      var text = try NormalizedText(scalars, part)
      if let id { return try append(text, 0..<text.count, id) }
      if let normalizer = pipeline.normalizer {
        text = try normalizer.normalize(text, addsPrefix: addsPrefix)
      }
      try normalizedLiterals.forEachPart(of: text.scalars, text.scalars.indices) { part, id in
        try append(text, part, id)
      }
    }
    return pieces
  }

  // MARK: - Missing tokens

  private func unknownID() throws -> Int32 {
    guard let unknown = pipeline.unknown else {
      if specialTokens.unk != nil { return Int32(try requiredID(.unk)) }
      throw TokenizationFault.roleMissing(SpecialRole.unk.title)
    }
    return unknown
  }

  private func missing(_ token: String) -> TokenizationFault {
    let role = SpecialRole.allCases.first { specialTokens[$0] == token }
    return .specialTokenMissing(role: role?.title, token: token, file: vocabularyFile)
  }

  private func missing(written part: ArraySlice<Unicode.Scalar>) -> TokenizationFault {
    missing(String(String.UnicodeScalarView(part.filter { !$0.properties.isWhitespace })))
  }
}
