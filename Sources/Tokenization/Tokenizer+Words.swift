import ExactText
import Faults

/// Words and how tokens read.
extension Tokenizer {
  /// Whether entries carry the blank before them, as `Ġthe` of byte-level vocabularies and `▁the` of SentencePiece do: a word
  /// has then another entry where it continues a sentence.
  public var marksBlanks: Bool { pipeline.blankMark != nil }

  /// The one entry of a word.
  ///
  /// An added token is itself. In vocabularies that mark no blanks, the entry is the one that is exactly `word`, or that the
  /// tokenizer makes of it.
  ///
  /// - Parameter continuing: whether the word continues a sentence, so that a blank stands before it (`Mary` is `ĠMary`); else
  ///   it is taken exactly as written (`Mary`, ` has`). No difference where blanks are not marked.
  /// - Throws: ``TokenizationFault/notOneEntry(word:pieces:)``, and what ``encode(_:pair:addSpecial:)`` throws.
  public func entry(_ word: String, continuing: Bool) throws -> Int32 {
    if let id = vocabulary.id(of: word).map(Int32.init), addedIDs.contains(id) { return id }
    if !marksBlanks, let id = vocabulary.id(of: word) { return Int32(id) }
    let tokens = try wordTokens(word, continuing: continuing)
    guard tokens.count == 1, tokens[0].id != (pipeline.unknown ?? id(.unk).map(Int32.init)) else {
      throw TokenizationFault.notOneEntry(
        word: word, pieces: tokens.map { vocabulary.name(of: Int($0.id)) })
    }
    return tokens[0].id
  }

  private func wordTokens(_ word: String, continuing: Bool) throws -> [TextToken] {
    guard marksBlanks else { return try tokens(of: word) }
    let beginsWithBlank = word.unicodeScalars.first == " "
    if pipeline.addsPrefix, continuing || beginsWithBlank {
      // The pipeline puts one blank in front by itself.
      let bare = beginsWithBlank ? String(word.unicodeScalars.dropFirst()) : word
      return try tokens(of: bare)
    }
    return try tokens(of: continuing && !beginsWithBlank ? " " + word : word, addsPrefix: false)
  }

  /// How a token reads: `Ġthe` as ` the`, `▁the` as ` the`, `<0x0A>` as a line end. What is no text by itself, as a part of
  /// a character, is given as the vocabulary spells it, and `##s` stays.
  public func text(of id: Int) -> String {
    let name = vocabulary.name(of: id)
    guard let mark = pipeline.blankMark, !addedIDs.contains(Int32(clamping: id)) else { return name }
    if pipeline.isByteLevel {
      return ByteAlphabet.bytes(of: name).flatMap { String(validating: $0, as: UTF8.self) } ?? name
    }
    if let byte = TokenDecoder.byte(name) { return String(validating: [byte], as: UTF8.self) ?? name }
    return String(String.UnicodeScalarView(name.unicodeScalars.map { $0 == mark ? " " : $0 }))
  }

  /// The text that tokens stand for, as the decoder of the model's files makes it.
  ///
  /// - Parameters:
  ///   - ids: those that the vocabulary lacks are left out.
  ///   - skipSpecial: whether special tokens are left out.
  /// - Throws: ``TokenizationFault/patternTooCostly(_:)``, ``Interrupted``.
  public func decode(_ ids: [Int32], skipSpecial: Bool = true) throws -> String {
    let special = Set(names: added.tokens.lazy.filter(\.isSpecial).map(\.content))
    let tokens = try ids.interruptibleMap { id -> String? in
      guard let token = normalizedForms[id] ?? vocabulary.token(Int(id)) else { return nil }
      return skipSpecial && special.contains(token) ? nil : token
    }.compactMap(\.self)
    guard let decoder = pipeline.decoder else { return try tokens.interruptibleJoined(separator: " ") }
    return try decoder.decode(tokens).interruptibleJoined()
  }
}

/// Texts given by ids.
extension Tokenizer {
  /// Tokens as given, of type 0, with nothing put around them. Those that the vocabulary lacks read as `id[115]`.
  public func encoding(ofIDs ids: [Int32]) -> Encoding {
    var encoding = Encoding()
    for (index, id) in ids.enumerated() {
      encoding.append(vocabulary.name(of: Int(id)), id: id, type: 0, offsets: 0..<0, word: index)
    }
    return encoding
  }

  /// Whether there is one entry at least: a folder without a tokenizer's files has none.
  public var hasVocabulary: Bool { vocabulary.count > 0 }

  /// For a model whose folder has no tokenizer: it makes no tokens.
  public static func none(positions: Int) throws -> Tokenizer {
    try Tokenizer(
      vocabulary: Vocabulary(), options: Options(maxLength: positions), specialTokens: .none)
  }
}
