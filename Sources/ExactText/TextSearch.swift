/// Looks for a text in others, byte by byte.
///
/// Knuth, Morris, Pratt (1977): takes time in proportion to both lengths whatever the texts.
package struct TextSearch {
  private let part: ContiguousArray<UInt8>
  /// For each number of matched bytes how many of them are still matched when the next one differs: the longest proper
  /// beginning that is also an end.
  private let fallbacks: [Int]
  private let check: () throws -> Void

  /// - Parameter check: throws to stop; asked every 4096 bytes.
  /// - Precondition: `part` is not empty.
  package init(for part: some StringProtocol, check: @escaping () throws -> Void = {}) throws {
    precondition(!part.isEmpty, "nothing to look for")
    let part = ContiguousArray(part.utf8)
    var fallbacks = [0, 0]
    fallbacks.reserveCapacity(part.count + 1)
    for end in 1..<max(1, part.count) {
      if end & 0xFFF == 0 { try check() }
      var length = fallbacks[end]
      while length > 0, part[length] != part[end] { length = fallbacks[length] }
      fallbacks.append(part[length] == part[end] ? length + 1 : 0)
    }
    (self.part, self.fallbacks, self.check) = (part, fallbacks, check)
  }

  /// Where the text occurs, from the beginning, without overlaps; at most `limit` places.
  package func places(in text: some StringProtocol, limit: Int = .max) throws -> [Range<String.Index>] {
    var (ends, matched): ([Int], Int) = ([], 0)
    try text.withBytes { bytes in
      for (place, byte) in bytes.enumerated() {
        if ends.count == limit { break }
        if place & 0xFFF == 0 { try check() }
        while matched > 0, part[matched] != byte { matched = fallbacks[matched] }
        if part[matched] == byte { matched += 1 }
        guard matched == part.count else { continue }
        ends.append(place + 1)
        matched = 0
      }
    }
    var (places, index, offset) = ([Range<String.Index>](), text.startIndex, 0)
    for end in ends {
      let lower = text.utf8.index(index, offsetBy: end - part.count - offset)
      index = text.utf8.index(lower, offsetBy: part.count)
      offset = end
      places.append(lower..<index)
    }
    return places
  }
}
