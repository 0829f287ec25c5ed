import ExactText
import Faults

/// Byte-pair encoding (Sennrich, Haddow, Birch 2016) as `BPE` of Hugging Face `tokenizers`: a word's characters are tokens,
/// and the pairs that the merges list become one, in the order of the list.
///
/// A class, so that handing it on costs nothing.
final class BPE: Sendable {
  struct Options: Sendable {
    /// For characters that are no entries; without one they are dropped.
    var unknown: Int32?
    /// Whether neighbouring unknown characters are one token.
    var fusesUnknown = false
    /// By byte: the tokens `<0x0A>` of characters that are no entries, where all bytes of one have some.
    var byteTokens: [Int32?]?
    /// Whether a word that is an entry is that token, whatever the merges make of it.
    var ignoresMerges = false
    /// In front of every character of a word but the first.
    var continuingPrefix: [Unicode.Scalar] = []
    /// Behind the last character of a word.
    var wordSuffix: [Unicode.Scalar] = []
  }

  let vocabulary: Vocabulary
  let merges: MergeTable
  let options: Options
  /// The pairs of neighbouring characters in tokens that merges make; no token goes over another pair.
  private let joined: CharacterPairs

  /// Words up to there are merged as a whole.
  private static let shortWord = 32

  init(vocabulary: Vocabulary, merges: [(left: Int32, right: Int32, token: Int32)], options: Options) throws {
    var table = MergeTable(capacity: merges.count)
    var joined = CharacterPairs()
    var steps = Steps()
    for (rank, merge) in merges.enumerated() {
      try steps.next()
      table.set(merge.left, merge.right, MergeTable.Merge(rank: Int32(rank), token: merge.token))
      // The pair where the two meet: the others are in the tokens that they are made of.
      if let left = vocabulary.token(Int(merge.left))?.unicodeScalars.last,
        let right = vocabulary.token(Int(merge.right))?.unicodeScalars.first
      {
        joined.insert(left, right)
      }
    }
    (self.vocabulary, self.merges, self.options, self.joined) = (vocabulary, table, options, joined)
  }

  /// As ``TokenModel/forEachToken(of:in:_:_:)``.
  func forEachToken(
    of word: Range<Int>, in text: [Unicode.Scalar], _ cache: WordCache,
    _ body: (Int32?, Range<Int>) throws -> Void
  ) throws {
    if options.ignoresMerges, let id = vocabulary.id(ofText: text[word]) { return try body(id, word) }
    var places = BytePlaces(text, word)
    try forEachPart(of: word, in: text) { part in
      let tokens = try cache.tokens(of: part, in: text) { try self.tokens(of: part, in: text) }
      for token in tokens { try body(token.id, places.range(Int(token.length))) }
    }
  }

  /// Cuts a long word where no token can go across: between two characters that are entries and that no merge joins.
  private func forEachPart(
    of word: Range<Int>, in text: [Unicode.Scalar], _ body: (Range<Int>) throws -> Void
  ) throws {
    guard word.count > Self.shortWord, options.continuingPrefix.isEmpty, options.wordSuffix.isEmpty else {
      return try body(word)
    }
    var start = word.lowerBound
    var steps = Steps()
    for index in word.dropFirst() {
      try steps.next()
      guard !joined.contains(text[index - 1], text[index]), isEntry(text[index - 1]), isEntry(text[index])
      else { continue }
      try body(start..<index)
      start = index
    }
    try body(start..<word.upperBound)
  }

  private func isEntry(_ scalar: Unicode.Scalar) -> Bool {
    vocabulary.id(ofText: CollectionOfOne(scalar)) != nil
  }

  private func tokens(of word: Range<Int>, in text: [Unicode.Scalar]) throws -> [WordCache.Token] {
    var queue = MergeQueue()
    var unknownLength = 0
    func flush() {
      if unknownLength > 0, let unknown = options.unknown { queue.append(unknown, length: unknownLength) }
      unknownLength = 0
    }
    var steps = Steps()
    for index in word {
      try steps.next()
      let length = UTF8.width(text[index])
      let isLast = index == word.upperBound - 1
      if let id = symbol(text[index], isFirst: index == word.lowerBound, isLast: isLast) {
        flush()
        queue.append(id, length: length)
      } else if let bytes = byteTokens(of: text[index]) {
        // As there: unknown text before it goes behind it.
        for byte in bytes { queue.append(byte, length: 1) }
      } else if options.unknown != nil {
        if !options.fusesUnknown { flush() }
        unknownLength += length
      }
    }
    flush()
    return try queue.merged(merges)
  }

  private func byteTokens(of scalar: Unicode.Scalar) -> [Int32]? {
    guard let table = options.byteTokens else { return nil }
    let bytes = String(scalar).utf8
    let tokens = bytes.compactMap { table[Int($0)] }
    return tokens.count == bytes.count ? tokens : nil
  }

  private func symbol(_ scalar: Unicode.Scalar, isFirst: Bool, isLast: Bool) -> Int32? {
    if options.continuingPrefix.isEmpty, options.wordSuffix.isEmpty {
      return vocabulary.id(ofText: CollectionOfOne(scalar))
    }
    let text = (isFirst ? [] : options.continuingPrefix) + [scalar] + (isLast ? options.wordSuffix : [])
    return vocabulary.id(ofText: text)
  }
}

/// Turns lengths in bytes of UTF-8 into ranges of scalars.
///
/// A token may be a part of a character (a byte of it): it has the whole character's range.
private struct BytePlaces {
  private let text: [Unicode.Scalar]
  private let end: Int
  /// The character that holds the next byte, and how many of its bytes are used.
  private var index: Int
  private var used = 0

  init(_ text: [Unicode.Scalar], _ part: Range<Int>) {
    (self.text, index, end) = (text, part.lowerBound, part.upperBound)
  }

  mutating func range(_ length: Int) -> Range<Int> {
    let start = min(index, end - 1)
    var left = length
    var last = start
    while left > 0, index < end {
      last = index
      let width = UTF8.width(text[index]) - used
      if left < width {
        used += left
        break
      }
      left -= width
      used = 0
      index += 1
    }
    return start..<last + 1
  }
}

extension UTF8 {
  fileprivate static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0..<0x80: 1
    case 0x80..<0x800: 2
    case 0x800..<0x10000: 3
    default: 4
    }
  }
}

/// A set of pairs of characters.
private struct CharacterPairs: Sendable {
  private var pairs: Set<UInt64> = []

  mutating func insert(_ left: Unicode.Scalar, _ right: Unicode.Scalar) {
    pairs.insert(Self.key(left, right))
  }

  func contains(_ left: Unicode.Scalar, _ right: Unicode.Scalar) -> Bool {
    pairs.contains(Self.key(left, right))
  }

  private static func key(_ left: Unicode.Scalar, _ right: Unicode.Scalar) -> UInt64 {
    UInt64(left.value) << 32 | UInt64(right.value)
  }
}
