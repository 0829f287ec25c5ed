/// The tokens of the words of one text, so that a word that comes again is looked up.
///
/// Open addressing with linear probing over one store of scalars and one of tokens; bounded, and no entry is given up:
/// frequent words come early.
final class WordCache {
  struct Token {
    var id: Int32
    /// In bytes of UTF-8.
    var length: Int32
  }

  private struct Entry {
    var hash: UInt64
    var word: Range<Int32>
    var tokens: Range<Int32>
  }

  private var slots: [Int32] = []
  private var entries: [Entry] = []
  private var scalars: [Unicode.Scalar] = []
  private var tokens: [Token] = []

  /// Longer words hardly come twice.
  static let longestWord = 64
  private static let mostEntries = 1 << 16

  /// The tokens of `text[word]`, made by `tokens` where they are not known.
  func tokens(
    of word: Range<Int>, in text: [Unicode.Scalar], _ make: () throws -> [Token]
  ) rethrows -> ArraySlice<Token> {
    guard word.count <= Self.longestWord else { return try make()[...] }
    let hash = Self.hash(text, word)
    if slots.isEmpty { slots = Array(repeating: -1, count: 1 << 10) }
    var slot = self.slot(hash, text, word)
    if slots[slot] >= 0 {
      let range = entries[Int(slots[slot])].tokens
      return tokens[Int(range.lowerBound)..<Int(range.upperBound)]
    }
    let made = try make()
    guard entries.count < Self.mostEntries else { return made[...] }
    if 2 * (entries.count + 1) > slots.count {
      enlarge()
      slot = self.slot(hash, text, word)
    }
    let (start, first) = (Int32(scalars.count), Int32(tokens.count))
    scalars.append(contentsOf: text[word])
    tokens.append(contentsOf: made)
    slots[slot] = Int32(entries.count)
    entries.append(
      Entry(hash: hash, word: start..<Int32(scalars.count), tokens: first..<Int32(tokens.count)))
    return made[...]
  }

  private static func hash(_ text: [Unicode.Scalar], _ word: Range<Int>) -> UInt64 {
    var hash = UInt64(word.count)
    for index in word { hash = (hash ^ UInt64(text[index].value)) &* 0x9E37_79B9_7F4A_7C15 }
    return hash ^ hash >> 29
  }

  /// Where the word is, or the free place where it belongs.
  private func slot(_ hash: UInt64, _ text: [Unicode.Scalar], _ word: Range<Int>) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] >= 0 {
      let entry = entries[Int(slots[slot])]
      if entry.hash == hash, isEqual(entry.word, text, word) { break }
      slot = (slot + 1) & mask
    }
    return slot
  }

  private func isEqual(_ known: Range<Int32>, _ text: [Unicode.Scalar], _ word: Range<Int>) -> Bool {
    guard known.count == word.count else { return false }
    let offset = Int(known.lowerBound) - word.lowerBound
    return word.allSatisfy { text[$0] == scalars[$0 + offset] }
  }

  private func enlarge() {
    let mask = 2 * slots.count - 1
    slots = Array(repeating: -1, count: 2 * slots.count)
    for (index, entry) in entries.enumerated() {
      var slot = Int(truncatingIfNeeded: entry.hash) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(index)
    }
  }
}
