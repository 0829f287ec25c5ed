import ExactText

/// What splits a piece of a text into tokens; the models of Hugging Face `tokenizers`.
enum TokenModel: Sendable {
  case wordPiece(WordPiece)
  case bpe(BPE)
  case unigram(Unigram)
  case wordLevel(WordLevel)

  /// Passes on the tokens of `text[piece]`, which is not empty, in order.
  ///
  /// - Parameters:
  ///   - cache: of this model; see ``WordCache``.
  ///   - body: with the id, nil where the token for unknown text is needed and the model names none that it has, and the
  ///     range of the text.
  /// - Throws: what `body` throws, ``Interrupted``.
  func forEachToken(
    of piece: Range<Int>, in text: [Unicode.Scalar], _ cache: WordCache,
    _ body: (_ id: Int32?, _ range: Range<Int>) throws -> Void
  ) throws {
    switch self {
    case .wordPiece(let model): try model.forEachPiece(of: piece, in: text, body)
    case .bpe(let model): try model.forEachToken(of: piece, in: text, cache, body)
    case .unigram(let model): try model.forEachToken(of: piece, in: text, body)
    case .wordLevel(let model): try body(model.id(of: piece, in: text), piece)
    }
  }

  var vocabulary: Vocabulary {
    switch self {
    case .wordPiece(let model): model.vocabulary
    case .bpe(let model): model.vocabulary
    case .unigram(let model): model.vocabulary
    case .wordLevel(let model): model.vocabulary
    }
  }
}

/// A token for each piece that is an entry as a whole.
struct WordLevel: Sendable {
  let vocabulary: Vocabulary
  let unknown: Int32?

  func id(of piece: Range<Int>, in text: [Unicode.Scalar]) -> Int32? {
    vocabulary.id(ofText: text[piece]) ?? unknown
  }
}
