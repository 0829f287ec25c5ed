/// Tokens that are recognised literally in a text before it is split into words.
///
/// At each place the longest one wins, from left to right, anywhere: also inside a word.
struct AddedTokens: Sendable {
  /// By first scalar, the longest first.
  private var candidates: [Unicode.Scalar: [(scalars: [Unicode.Scalar], id: Int32)]] = [:]

  struct Match {
    let range: Range<Int>
    let id: Int32
  }

  var isEmpty: Bool { candidates.isEmpty }

  mutating func insert(_ scalars: [Unicode.Scalar], id: Int32) {
    guard let first = scalars.first else { return }
    candidates[first, default: []].removeAll { $0.scalars == scalars }
    candidates[first, default: []].append((scalars, id))
    candidates[first]?.sort { $0.scalars.count > $1.scalars.count }
  }

  func matches(in text: [Unicode.Scalar], _ part: Range<Int>) -> [Match] {
    if isEmpty { return [] }
    var matches: [Match] = []
    var index = part.lowerBound
    while index < part.upperBound {
      if let match = match(in: text, at: index, upTo: part.upperBound) {
        matches.append(match)
        index = match.range.upperBound
      } else {
        index += 1
      }
    }
    return matches
  }

  private func match(in text: [Unicode.Scalar], at start: Int, upTo end: Int) -> Match? {
    for candidate in candidates[text[start]] ?? [] {
      let range = start..<start + candidate.scalars.count
      if range.upperBound <= end, text[range].elementsEqual(candidate.scalars) {
        return Match(range: range, id: candidate.id)
      }
    }
    return nil
  }
}
