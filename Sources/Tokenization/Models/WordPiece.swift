/// Greedy longest-match-first splitting of a word into pieces (Wu et al. 2016; Devlin et al. 2019).
struct WordPiece: Sendable {
  let vocabulary: Vocabulary
  /// Words above this many characters, after normalization, are unknown without being looked at.
  let maxCharacters: Int
  /// Where the pieces inside a word begin in the tree; nil if the vocabulary has none.
  private let continuation: PieceTrie.Node?

  /// - Parameter continuingPrefix: what marks a piece inside a word, `##` in BERT's vocabularies.
  init(vocabulary: Vocabulary, continuingPrefix: String, maxCharacters: Int) {
    self.vocabulary = vocabulary
    self.maxCharacters = maxCharacters
    continuation = vocabulary.trie.node(at: continuingPrefix.unicodeScalars)
  }

  /// Splits the word `text[word]`, which is not empty, and passes on its pieces in order.
  ///
  /// If any part of the word is no piece, the whole word is one unknown piece, of which the id is nil. A walk along the
  /// tree looks at no character beyond the longest candidate, so the cost of a word is at most
  /// `maxCharacters` times the length of the longest piece.
  func forEachPiece(
    of word: Range<Int>, in text: [Unicode.Scalar],
    _ body: (_ id: Int32?, _ range: Range<Int>) throws -> Void
  ) rethrows {
    guard let pieces = pieces(of: word, in: text) else { return try body(nil, word) }
    var start = word.lowerBound
    for piece in pieces {
      try body(piece.id, start..<piece.end)
      start = piece.end
    }
  }

  private func pieces(
    of word: Range<Int>, in text: [Unicode.Scalar]
  ) -> [(id: Int32, end: Int)]? {
    guard word.count <= maxCharacters else { return nil }
    var pieces: [(id: Int32, end: Int)] = []
    var start = word.lowerBound
    var node: PieceTrie.Node? = PieceTrie.root
    while start < word.upperBound {
      guard let from = node,
        let piece = vocabulary.trie.longestPiece(in: text, start..<word.upperBound, from: from)
      else { return nil }
      pieces.append(piece)
      start = piece.end
      node = continuation
    }
    return pieces
  }
}
