import ExactText
import Faults

/// What is put around texts, and how offsets leave out blanks; the post-processors of Hugging Face `tokenizers`.
struct PostProcessor: Sendable {
  /// A part of a template. A special token without ids is one that the vocabulary lacks.
  enum Piece: Sendable, Equatable {
    case sequence(Int, type: Int32)
    case special(String, ids: [Int32], type: Int32)
  }

  /// What becomes of one text, and of two.
  var single: [Piece]
  var pair: [Piece]
  /// How offsets leave out the blanks at the ends of tokens: one after the other.
  var trims: [Trim] = []

  struct Trim: Sendable, Equatable {
    /// Whether the blank in front of a text was put there.
    var keepsFirstBlank: Bool
  }

  /// No special tokens; the second text has type 1.
  static let none = PostProcessor(
    single: [.sequence(0, type: 0)], pair: [.sequence(0, type: 0), .sequence(1, type: 1)])

  /// How many special tokens stand before and behind a single text.
  var around: (before: Int, behind: Int) {
    let count = single.map { piece -> Int? in
      if case .special(_, let ids, _) = piece { ids.count } else { nil }
    }
    let text = count.firstIndex { $0 == nil } ?? count.count
    return (
      count[..<text].compactMap(\.self).reduce(0, +), count[text...].compactMap(\.self).reduce(0, +)
    )
  }
}

/// A token of a text, before special tokens are put around it.
struct TextToken: Sendable {
  var id: Int32
  /// In scalars of the text.
  var offsets: Range<Int>
  var word: Int
  /// Of an added token: how many blanks the text has at its ends, which it took.
  var blanks: (before: Int, behind: Int)?
}

extension PostProcessor.Trim {
  /// `process_offsets` of `tokenizers`: a token's offsets leave out the blanks that its text begins and ends with.
  func apply(to tokens: inout [TextToken], _ vocabulary: Vocabulary) throws {
    var steps = Steps()
    for index in tokens.indices {
      try steps.next()
      let token = tokens[index]
      var before: Int
      let behind: Int
      (before, behind) = token.blanks ?? Self.blanks(of: vocabulary.token(Int(token.id)) ?? "")
      var (lower, upper) = (token.offsets.lowerBound, token.offsets.upperBound)
      if before > 0 {
        // More than one blank was not put there.
        if index == 0 || lower == 0, keepsFirstBlank, before == 1 { before = 0 }
        lower = min(lower + before, upper)
      }
      if behind > 0, upper >= behind { upper = max(upper - behind, lower) }
      tokens[index].offsets = lower..<upper
    }
  }

  static func blanks(of text: some StringProtocol) -> (before: Int, behind: Int) {
    blanks(of: Array(text.unicodeScalars)[...])
  }

  static func blanks(of text: ArraySlice<Unicode.Scalar>) -> (before: Int, behind: Int) {
    func isBlank(_ scalar: Unicode.Scalar) -> Bool {
      scalar == ByteAlphabet.blank || scalar.properties.isWhitespace
    }
    return (text.prefix(while: isBlank).count, text.reversed().prefix(while: isBlank).count)
  }
}
