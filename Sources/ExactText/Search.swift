import SystemCalls

extension StringProtocol {
  package func hasPrefix(_ prefix: some StringProtocol) -> Bool {
    withBytes { text in
      prefix.withBytes { prefix in
        prefix.isEmpty
          || prefix.count <= text.count && memcmp(text.baseAddress!, prefix.baseAddress!, prefix.count) == 0
      }
    }
  }

  package func hasSuffix(_ suffix: some StringProtocol) -> Bool {
    withBytes { text in
      suffix.withBytes { suffix in
        suffix.isEmpty
          || suffix.count <= text.count
            && memcmp(text.baseAddress! + text.count - suffix.count, suffix.baseAddress!, suffix.count) == 0
      }
    }
  }

  /// Whether `part` occurs; an empty one does.
  package func contains(_ part: some StringProtocol) -> Bool {
    // Without a check nothing stops the search.
    part.isEmpty || !(try! TextSearch(for: part).places(in: self, limit: 1).isEmpty)
  }
}

extension Sequence<String> {
  package func contains(_ text: String) -> Bool { contains { areEqual($0, text) } }

  package func sorted() -> [String] { sorted { order($0, $1) < 0 } }

  package func min() -> String? { self.min { order($0, $1) < 0 } }

  package func max() -> String? { self.max { order($0, $1) < 0 } }
}

extension Collection<String> {
  package func firstIndex(of text: String) -> Index? { firstIndex { areEqual($0, text) } }
}

extension Array where Element == String {
  package mutating func sort() { sort { order($0, $1) < 0 } }
}
