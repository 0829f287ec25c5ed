/// Tokens that are recognised literally in a text before it is split into words.
///
/// At each place the longest one wins, from left to right, anywhere: also inside a word.
struct AddedTokens: Sendable {
  private var trie = PieceTrie(edgeEstimate: 0)
  private var isEmpty = true

  mutating func insert(_ token: [Unicode.Scalar], id: Int32) {
    _ = trie.insert(token, id: id)
    isEmpty = false
  }

  /// The parts of `text[part]` in order: the tokens with their id, and the text between them.
  func forEachPart(
    of text: [Unicode.Scalar], _ part: Range<Int>, _ body: (_ part: Range<Int>, _ id: Int32?) -> Void
  ) {
    var start = part.lowerBound
    var index = isEmpty ? part.upperBound : part.lowerBound
    while index < part.upperBound {
      guard let token = trie.longestPiece(in: text, index..<part.upperBound, from: PieceTrie.root) else {
        index += 1
        continue
      }
      if start < index { body(start..<index, nil) }
      body(index..<token.end, token.id)
      start = token.end
      index = token.end
    }
    if start < part.upperBound { body(start..<part.upperBound, nil) }
  }
}
