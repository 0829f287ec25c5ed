import Faults

/// Looks for a text in others, character by character as readers count them.
///
/// Knuth, Morris, Pratt (1977): takes time in proportion to both lengths whatever the texts, and stops when the user asks to.
struct TextSearch {
  private let part: [Character]
  /// For each number of matched characters how many of them are still matched when the next one differs: the longest
  /// proper beginning that is also an end.
  private let fallbacks: [Int]

  /// - Precondition: `part` is not empty.
  /// - Throws: ``Interrupted``.
  init(for part: String) throws {
    precondition(!part.isEmpty, "nothing to look for")
    let part = try part.interruptibleMap { $0 }
    var fallbacks = [0, 0]
    var steps = Steps()
    for end in 1..<max(1, part.count) {
      try steps.next()
      var length = fallbacks[end]
      while length > 0, part[length] != part[end] { length = fallbacks[length] }
      fallbacks.append(part[length] == part[end] ? length + 1 : 0)
    }
    (self.part, self.fallbacks) = (part, fallbacks)
  }

  /// Where the text occurs, from the beginning, without overlaps; at most `limit` places.
  ///
  /// - Throws: ``Interrupted``.
  func places(in text: String, limit: Int = .max) throws -> [Range<String.Index>] {
    var places: [Range<String.Index>] = []
    // A ring of the last characters' beginnings.
    var starts = [String.Index](repeating: text.startIndex, count: part.count)
    var (next, matched) = (0, 0)
    var steps = Steps()
    for index in text.indices {
      try steps.next()
      starts[next % part.count] = index
      next += 1
      while matched > 0, part[matched] != text[index] { matched = fallbacks[matched] }
      if part[matched] == text[index] { matched += 1 }
      guard matched == part.count else { continue }
      places.append(starts[next % part.count]..<text.index(after: index))
      if places.count == limit { break }
      matched = 0
    }
    return places
  }
}
