import ExactText
import Tokenization

/// The text that tokens add to others, as it comes: a character whose bytes are not all there is held back.
struct ContinuedText {
  private let tokenizer: Tokenizer
  private var ids: [Int32]
  /// Where decoding starts: a token may read another way behind others than by itself.
  private var start: Int
  /// Tokens whose text was given out.
  private var settled: Int

  /// Tokens that decoding starts with before those that are new.
  private static let context = 8
  /// A character has at most 4 bytes: what is no text after more tokens will not become one.
  private static let mostHeld = 4

  init(behind ids: [Int32], _ tokenizer: Tokenizer) {
    (self.ids, self.tokenizer) = (ids, tokenizer)
    (start, settled) = (max(0, ids.count - Self.context), ids.count)
  }

  /// What a token adds.
  mutating func append(_ id: Int32) throws -> String {
    ids.append(id)
    let text = try addition(to: start..<settled, upTo: ids.count)
    if text.unicodeScalars.last == "\u{FFFD}", ids.count - settled <= Self.mostHeld { return "" }
    return settle(text)
  }

  /// What was held back.
  mutating func end() throws -> String {
    settled == ids.count ? "" : settle(try addition(to: start..<settled, upTo: ids.count))
  }

  private mutating func settle(_ text: String) -> String {
    (start, settled) = (max(settled - Self.context, start), ids.count)
    return text
  }

  private func addition(to own: Range<Int>, upTo end: Int) throws -> String {
    try Self.addition(to: Array(ids[own]), Array(ids[own.lowerBound..<end]), tokenizer)
  }

  /// The text of all tokens behind the part that the first of them have in common with it.
  static func addition(to first: [Int32], _ all: [Int32], _ tokenizer: Tokenizer) throws -> String {
    let (before, whole) = (
      try tokenizer.decode(first).unicodeScalars, try tokenizer.decode(all).unicodeScalars
    )
    let common = zip(before, whole).prefix { $0 == $1 }.count
    return String(String.UnicodeScalarView(whole.dropFirst(common)))
  }
}
