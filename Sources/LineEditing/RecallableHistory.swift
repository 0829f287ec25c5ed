import ExactText

/// The entries that Up and Down walk through, and where a person is among them.
///
/// The text that was being typed is the newest of them, and changes to older ones are kept, until a text is
/// submitted; entries themselves do not change.
struct RecallableHistory {
  private let limit: Int
  private var entries: [String] = []
  /// The entry shown; `entries.count` is the text being typed.
  private var place = 0
  private var changed: [Int: String] = [:]

  init(limit: Int) { self.limit = limit }

  /// A repetition of the newest entry is left out.
  mutating func add(_ entry: String) {
    guard entry != entries.last else { return }
    entries.append(entry)
    // Dropping single entries would move all the others each time.
    if entries.count > 2 * limit { entries.removeFirst(entries.count - limit) }
  }

  /// Starts at the text that will be typed.
  mutating func startOver() {
    place = entries.count
    changed = [:]
  }

  /// The next text in a direction, nil where there is none.
  ///
  /// - Parameters:
  ///   - current: the text as it is now
  ///   - isFound: `current` may have been found by a search, which goes to another place
  mutating func step(older: Bool, from current: String, isFound: Bool) -> String? {
    if isFound, current != entry(place), let found = entries.lastIndex(of: current) { place = found }
    let next = older ? place - 1 : place + 1
    guard next >= max(0, entries.count - limit), next <= entries.count else { return nil }
    changed[place] = current
    place = next
    return entry(place)
  }

  private func entry(_ place: Int) -> String {
    changed[place] ?? (entries.indices.contains(place) ? entries[place] : "")
  }
}
