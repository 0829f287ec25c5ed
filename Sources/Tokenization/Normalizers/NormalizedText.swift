import Faults

/// A text on its way to tokens, with the place each character comes from.
///
/// `NormalizedString` of Hugging Face `tokenizers`, whose rules of alignment ``TextRewriter`` follows: what a character is
/// made from is a whole range of the original text, not always one character.
struct NormalizedText: Sendable {
  /// A range of the original text, in Unicode scalars.
  struct Source: Sendable, Equatable {
    var lower: Int32
    var upper: Int32

    init(_ lower: Int, _ upper: Int) { (self.lower, self.upper) = (Int32(lower), Int32(upper)) }
  }

  var scalars: [Unicode.Scalar] = []
  /// By character; never decreasing.
  var sources: [Source] = []

  init(capacity: Int) {
    scalars.reserveCapacity(capacity)
    sources.reserveCapacity(capacity)
  }

  /// `text[part]` as it stands; sources are indices of `text`.
  ///
  /// - Throws: ``Interrupted``.
  init(_ text: [Unicode.Scalar], _ part: Range<Int>) throws {
    self.init(capacity: part.count)
    try part.forEachPart { part in
      scalars.append(contentsOf: text[part])
      sources.append(contentsOf: part.lazy.map { Source($0, $0 + 1) })
    }
  }

  var count: Int { scalars.count }

  mutating func append(_ scalar: Unicode.Scalar, source: Source) {
    scalars.append(scalar)
    sources.append(source)
  }

  /// Appends `other[part]`.
  mutating func append(_ other: NormalizedText, _ part: Range<Int>) throws {
    try part.forEachPart { part in
      scalars.append(contentsOf: other.scalars[part])
      sources.append(contentsOf: other.sources[part])
    }
  }

  /// What the characters in `range`, which is not empty, were made from.
  func original(of range: Range<Int>) -> Range<Int> {
    let (lower, upper) = (Int(sources[range.lowerBound].lower), Int(sources[range.upperBound - 1].upper))
    return lower..<max(lower, upper)
  }
}

/// Makes a new text from an old one, character by character; `transform` of Hugging Face `tokenizers`.
struct TextRewriter {
  private let old: NormalizedText
  private var position: Int
  private(set) var result: NormalizedText

  /// - Parameter skipped: characters at the start that go without a trace.
  init(_ old: NormalizedText, skipping skipped: Int = 0) {
    self.old = old
    position = skipped
    result = NormalizedText(capacity: old.count)
  }

  /// Appends `scalar`.
  ///
  /// - Parameter change: 0 replaces the next character of the old text; a positive one inserts, and the character shares
  ///   the source of the one before; a negative one replaces the next character and removes as many behind it.
  mutating func put(_ scalar: Unicode.Scalar, change: Int) {
    if change > 0 {
      result.append(scalar, source: position > 0 ? old.sources[position - 1] : NormalizedText.Source(0, 0))
    } else {
      result.append(scalar, source: old.sources[min(position, old.count - 1)])
      position += 1 - change
    }
  }

  /// The next `count` characters go without a trace; as there, not where nothing stands before them.
  mutating func removeBehindLast(_ count: Int) {
    if !result.scalars.isEmpty { position += count }
  }
}
