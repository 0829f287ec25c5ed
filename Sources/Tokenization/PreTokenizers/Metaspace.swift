import ExactText
import JSONReading

/// Blanks as a character of their own, SentencePiece's way.
struct Metaspace: Sendable {
  enum PrependScheme: String, CaseIterable, Sendable {
    case always, first, never
  }

  let replacement: Unicode.Scalar
  /// Where the character is put in front of a piece that does not begin with it.
  let scheme: PrependScheme
  /// Whether a piece begins at each of them.
  let splits: Bool

  /// `add_prefix_space` is what files had before there were schemes.
  init(_ field: JSONField) throws {
    try field.checkKeys("replacement", "add_prefix_space", "prepend_scheme", "split", "str_rep")
    replacement = try field.required("replacement").scalar()
    splits = try field.bool("split", default: true)
    var scheme = PrependScheme.always
    if let stated = try field.optional("prepend_scheme") {
      let name = try stated.string()
      guard let known = PrependScheme(rawValue: name) else { throw stated.mismatch("always, first or never") }
      scheme = known
    }
    if let prefix = try field.optional("add_prefix_space"), try !prefix.bool() {
      guard try field.optional("prepend_scheme") == nil || scheme == .never else {
        throw prefix.mismatch("what prepend_scheme says")
      }
      scheme = .never
    }
    self.scheme = scheme
  }

  init(replacement: Unicode.Scalar = "\u{2581}", scheme: PrependScheme, splits: Bool) {
    (self.replacement, self.scheme, self.splits) = (replacement, scheme, splits)
  }

  /// - Parameter addsPrefix: whether the scheme counts.
  func apply(to piece: TextPiece, addsPrefix: Bool) throws -> [TextPiece] {
    var text = NormalizedText(capacity: piece.range.count)
    try text.append(piece.text, piece.range)
    try text.replaceAll(" ", with: replacement)
    if addsPrefix, text.scalars.first != replacement,
      scheme == .always || scheme == .first && piece.start == 0
    {
      text = try text.prepending([replacement], to: 0..<text.count)
    }
    guard splits else { return [TextPiece(text, 0..<text.count)] }
    let cuts = try Cut.perCharacter(of: text.scalars, 0..<text.count) { $0 == replacement }
    return try SplitBehavior.mergedWithNext.parts(cuts).map { TextPiece(text, $0) }
  }
}
