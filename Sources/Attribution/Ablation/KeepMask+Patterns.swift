/// How much of a network patterns single out.
public enum PatternLevel: String, Sendable, CaseIterable {
  /// Hidden states; all heads and skip connections stay.
  case embedding
  /// Hidden states, and of heads and skip connections only those that some pattern takes.
  case attention
}

extension KeepMask {
  /// The union of the patterns of a sentence's words.
  ///
  /// Row 0 keeps the words that have a pattern. The target stays in every row, at the attention level with its skip
  /// connections: it is where the patterns end, and has none of its own.
  ///
  /// - Parameters:
  ///   - length: n
  ///   - heads: A
  ///   - keepsTarget: false leaves the target to the patterns
  /// - Precondition: nodes are within the length; at the attention level each word has a pattern of heads.
  public init(
    patterns: SentencePatterns, level: PatternLevel, length: Int, layers: Int, heads: Int,
    keepsTarget: Bool = true
  ) {
    let target = keepsTarget ? [patterns.target] : []
    hidden = Self.mask(rows: layers + 1, columns: length) { row in
      patterns.words.flatMap { $0.embedding.nodes[row] } + target
    }
    guard level == .attention else { return }
    let steps = patterns.words.map(Self.steps)
    skips = Self.mask(rows: layers, columns: length) { layer in
      steps.map { $0[layer] }.filter { $0.choice < 0 }.map(\.position) + target
    }
    self.heads = (0..<layers).map { layer in
      Self.mask(rows: length, columns: heads) { position in
        steps.map { $0[layer] }.filter { $0.position == position && $0.choice >= 0 }.map(\.choice)
      }
    }
  }

  /// For each layer the position where the pattern arrives and the head that brings it there, or -1 for the skip
  /// connection.
  private static func steps(_ word: WordPattern) -> [(position: Int, choice: Int)] {
    guard let attention = word.attention else {
      preconditionFailure("word \(word.position) has no pattern of heads")
    }
    return zip(word.embedding.nodes.dropFirst(), attention.choices).map { ($0[0], $1) }
  }

  private static func mask(rows: Int, columns: Int, keeping kept: (_ row: Int) -> [Int]) -> [[Bool]] {
    (0..<rows).map { row in
      let kept = Set(kept(row))
      return (0..<columns).map(kept.contains)
    }
  }
}
