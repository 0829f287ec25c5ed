/// A part of a text that is tokenized by itself, a "split" of `tokenizers`: never empty.
struct TextPiece: Sendable {
  // Neighbours share their text: its arrays are copied when one changes.
  var text: NormalizedText
  var range: Range<Int>
  /// Of an added token, which is not split further.
  var token: Int32?

  init(_ text: NormalizedText, _ range: Range<Int>, token: Int32? = nil) {
    (self.text, self.range, self.token) = (text, range, token)
  }

  /// Where it begins in the original text.
  var start: Int { Int(text.sources[range.lowerBound].lower) }
}
