import SystemCalls

extension StringProtocol {
  package func hasPrefix(_ prefix: some StringProtocol) -> Bool { begins(self, with: prefix) }

  package func hasSuffix(_ suffix: some StringProtocol) -> Bool { ends(self, with: suffix) }

  /// Whether `part` occurs; an empty one does.
  package func contains(_ part: some StringProtocol) -> Bool {
    // Without a check nothing stops the search; one for what is longer than the text is not begun.
    part.isEmpty
      || part.utf8.count <= utf8.count && !(try! TextSearch(for: part).places(in: self, limit: 1).isEmpty)
  }
}

extension String {
  package func hasPrefix(_ prefix: String) -> Bool { begins(self, with: prefix) }

  package func hasSuffix(_ suffix: String) -> Bool { ends(self, with: suffix) }
}

private func begins(_ text: some StringProtocol, with prefix: some StringProtocol) -> Bool {
  text.withBytes { text in prefix.withBytes { equal(text.prefix($0.count), $0[...]) } }
}

private func ends(_ text: some StringProtocol, with suffix: some StringProtocol) -> Bool {
  text.withBytes { text in suffix.withBytes { equal(text.suffix($0.count), $0[...]) } }
}

private func equal(_ left: Slice<UnsafeRawBufferPointer>, _ right: Slice<UnsafeRawBufferPointer>) -> Bool {
  left.count == right.count
    && (left.isEmpty
      || memcmp(
        left.base.baseAddress! + left.startIndex, right.base.baseAddress! + right.startIndex, left.count) == 0)
}

// A character of a text that is looked for is found by its scalars, also where a combining mark follows: `/` separates
// whatever a name begins with.
extension StringProtocol {
  package func contains(_ character: Character) -> Bool { firstIndex(of: character) != nil }

  package func firstIndex(of character: Character) -> Index? {
    if let byte = character.onlyByte { return utf8.firstIndex(of: byte) }
    return places(of: String(character), limit: 1).first?.lowerBound
  }

  package func lastIndex(of character: Character) -> Index? {
    if let byte = character.onlyByte {
      return withBytes { $0.lastIndex(of: byte) }.map { utf8.index(startIndex, offsetBy: $0) }
    }
    return places(of: String(character)).last?.lowerBound
  }

  package func split(
    separator: String, maxSplits: Int = .max, omittingEmptySubsequences: Bool = true
  ) -> [SubSequence] {
    var parts: [SubSequence] = []
    var start = startIndex
    for place in places(of: separator) where parts.count < maxSplits {
      if start < place.lowerBound || !omittingEmptySubsequences {
        parts.append(self[start..<place.lowerBound])
      }
      start = place.upperBound
    }
    if start < endIndex || !omittingEmptySubsequences { parts.append(self[start...]) }
    return parts
  }

  package func replacing(_ part: String, with replacement: String) -> String {
    split(separator: part, omittingEmptySubsequences: false).joined(separator: replacement)
  }

  /// Where `part`, which is not empty, begins and ends for the last time.
  package func lastRange(of part: String) -> Range<Index>? { places(of: part).last }

  /// Without blanks at both ends.
  package func trimmed() -> SubSequence {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }) else {
      return self[endIndex...]
    }
    var end = endIndex
    while scalars[scalars.index(before: end)].properties.isWhitespace { end = scalars.index(before: end) }
    return self[first..<end]
  }

  private func places(of part: some StringProtocol, limit: Int = .max) -> [Range<Index>] {
    // Without a check nothing stops the search.
    try! TextSearch(for: part).places(in: self, limit: limit)
  }
}

extension Character {
  fileprivate var onlyByte: UInt8? { utf8.count == 1 ? utf8.first : nil }
}

extension Sequence<Character> {
  package func contains(_ character: Character) -> Bool { contains { $0 == character } }
}

extension Sequence<String> {
  package func contains(_ text: String) -> Bool { contains { areEqual($0, text) } }

  package func sorted() -> [String] { sorted { order($0, $1) < 0 } }

  package func min() -> String? { self.min { order($0, $1) < 0 } }

  package func max() -> String? { self.max { order($0, $1) < 0 } }
}

extension BidirectionalCollection<String> {
  package func lastIndex(of text: String) -> Index? { lastIndex { areEqual($0, text) } }
}

extension Collection<String> {
  package func firstIndex(of text: String) -> Index? { firstIndex { areEqual($0, text) } }
}

extension Array where Element == String {
  package mutating func sort() { sort { order($0, $1) < 0 } }
}
