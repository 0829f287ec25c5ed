import Faults

/// Tokens that are recognised literally in a text before it is split into words.
///
/// At each place the longest one wins, from left to right, anywhere: also inside a word. Follows
/// `AddedVocabulary::find_matches` of Hugging Face `tokenizers`, also where a token that must stand alone does not: the
/// search goes on behind it, and no shorter token is looked for in its place.
struct AddedTokens: Sendable {
  private var trie = PieceTrie(pieceEstimate: 0)
  private var tokens: [(token: AddedToken, id: Int32)] = []

  /// Of two tokens that look the same the first counts.
  ///
  /// - Parameters:
  ///   - pattern: what is looked for, the content or its normalized form; nothing is found for an empty one.
  ///   - id: passed on where the token is found.
  mutating func insert(_ token: AddedToken, pattern: [Unicode.Scalar], id: Int32) throws {
    guard !pattern.isEmpty else { return }
    _ = try trie.insert(pattern, id: Int32(tokens.count))
    tokens.append((token, id))
  }

  /// The parts of `text[part]` in order: the tokens with their id, and the text between them.
  ///
  /// - Throws: what `body` throws, ``Interrupted``.
  func forEachPart(
    of text: [Unicode.Scalar], _ part: Range<Int>,
    _ body: (_ part: Range<Int>, _ id: Int32?) throws -> Void
  ) throws {
    var start = part.lowerBound
    var index = tokens.isEmpty ? part.upperBound : part.lowerBound
    var steps = Steps()
    while index < part.upperBound {
      try steps.next()
      guard let match = trie.longestPiece(in: text, index..<part.upperBound, from: PieceTrie.root) else {
        index += 1
        continue
      }
      let (token, id) = tokens[Int(match.id)]
      let found = index..<match.end
      index = match.end
      if token.isSingleWord, touchesWord(found, in: text, part) { continue }
      let taken = try extended(found, for: token, in: text, from: start, to: part.upperBound)
      if start < taken.lowerBound { try body(start..<taken.lowerBound, nil) }
      try body(taken, id)
      start = taken.upperBound
    }
    if start < part.upperBound { try body(start..<part.upperBound, nil) }
  }

  private func touchesWord(_ found: Range<Int>, in text: [Unicode.Scalar], _ part: Range<Int>) -> Bool {
    found.lowerBound > part.lowerBound && text[found.lowerBound - 1].isWordCharacter
      || found.upperBound < part.upperBound && text[found.upperBound].isWordCharacter
  }

  /// With the white space that the token takes, as far as it is between `start` and `end`.
  private func extended(
    _ found: Range<Int>, for token: AddedToken, in text: [Unicode.Scalar], from start: Int, to end: Int
  ) throws -> Range<Int> {
    var (lower, upper) = (found.lowerBound, found.upperBound)
    var steps = Steps()
    if token.takesSpaceBefore {
      while lower > start, text[lower - 1].properties.isWhitespace {
        try steps.next()
        lower -= 1
      }
    }
    if token.takesSpaceBehind {
      while upper < end, text[upper].properties.isWhitespace {
        try steps.next()
        upper += 1
      }
    }
    return lower..<upper
  }
}

extension Unicode.Scalar {
  /// `\w` of regular expressions (Unicode Technical Standard 18, annex C).
  var isWordCharacter: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: true
    default: properties.isAlphabetic || properties.isJoinControl
    }
  }
}
