import ExactText

/// A text, or a pair of texts, as a model's input. All arrays have one entry per token.
public struct Encoding: Sendable, Equatable {
  public internal(set) var tokens: [String] = []
  public internal(set) var ids: [Int32] = []
  /// 0 for the first text and its special tokens, 1 for the second and its last [SEP]; as the model's template has them.
  public internal(set) var types: [Int32] = []
  /// In Unicode scalars of the text the token is from; `0..<0` for special tokens around the texts.
  ///
  /// As in the library, accents stripped from the end of a token are outside its offsets, and tokens that are bytes of one
  /// character have all its range.
  public internal(set) var offsets: [Range<Int>] = []
  /// Whether the token was put around the texts. A [MASK] written in the text is not.
  public internal(set) var isSpecial: [Bool] = []
  /// Which word of its text the token is a piece of, from 0; nil for the tokens around the texts. A punctuation mark and
  /// a special token written in the text are words of their own.
  public internal(set) var words: [Int?] = []

  public var count: Int { ids.count }

  /// The same tokens, all of type 0, for a model that has no other.
  public func untyped() -> Encoding {
    var copy = self
    copy.types = types.map { _ in 0 }
    return copy
  }

  /// - Parameter word: nil for a token around the texts.
  mutating func append(_ token: String, id: Int32, type: Int32, offsets: Range<Int>, word: Int?) {
    tokens.append(token)
    ids.append(id)
    types.append(type)
    self.offsets.append(offsets)
    isSpecial.append(word == nil)
    words.append(word)
  }
}
