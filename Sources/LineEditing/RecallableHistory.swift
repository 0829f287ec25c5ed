import ExactText

/// The entries that Up and Down walk through, and where a person is among them.
///
/// From a text that older entries begin with Up goes to these alone, as in fish.
///
/// The text that was being typed is the newest of them, and changes to older ones are kept, until a text is
/// submitted; entries themselves do not change.
struct RecallableHistory {
  private let limit: Int
  private var entries: [String] = []
  /// The entry shown; `entries.count` is the text being typed.
  private var place = 0
  private var changed: [Int: String] = [:]
  /// What the entries begin with that are walked through.
  private var prefix = ""

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
    prefix = ""
  }

  /// Oldest first.
  var recallable: [String] { entries.suffix(limit) }

  /// The next text in a direction, nil where there is none.
  ///
  /// - Parameters:
  ///   - current: the text as it is now
  ///   - isFound: `current` may have been found by a search, which goes to another place
  mutating func step(older: Bool, from current: String, isFound: Bool) -> String? {
    if isFound, current != entry(place), let found = entries.lastIndex(of: current) { place = found }
    if place == entries.count { prefix = isWalkable(current) ? current : "" }
    guard let next = next(older: older, from: current) else { return nil }
    changed[place] = current
    place = next
    return entry(place)
  }

  /// Whether older entries begin with a text.
  private func isWalkable(_ text: String) -> Bool {
    !text.isEmpty && recallable.contains { $0.hasPrefix(text) && $0 != text }
  }

  private func next(older: Bool, from current: String) -> Int? {
    let first = max(0, entries.count - limit)
    let places: any Sequence<Int> =
      older
      ? stride(from: place - 1, through: first, by: -1)
      : stride(from: place + 1, through: entries.count, by: 1)
    for next in places {
      if next == entries.count || entry(next).hasPrefix(prefix) && (prefix.isEmpty || entry(next) != current)
      {
        return next
      }
    }
    return nil
  }

  private func entry(_ place: Int) -> String {
    changed[place] ?? (entries.indices.contains(place) ? entries[place] : "")
  }
}
