import Faults

/// Merges the symbols of one word until no pair is left to merge (Sennrich, Haddow, Birch 2016).
///
/// The pair of the lowest rank comes first, of equal ones the leftmost. Pairs wait in a heap and symbols are linked to their
/// neighbours, so that n symbols take time n log n. A pair that has changed meanwhile is passed over, as `Word::merge_all` of
/// `tokenizers` does: only where the symbols at its place do not become the same token.
struct MergeQueue {
  struct Symbol {
    var token: Int32
    /// In bytes of UTF-8; 0 for one that is part of its left neighbour now.
    var length: Int32
    var previous: Int32
    var next: Int32
  }

  private struct Entry {
    /// Rank, then place.
    var order: UInt64
    var token: Int32
  }

  private(set) var symbols: [Symbol] = []
  private var heap: [Entry] = []

  mutating func append(_ token: Int32, length: Int) {
    let index = Int32(symbols.count)
    if index > 0 { symbols[symbols.count - 1].next = index }
    symbols.append(Symbol(token: token, length: Int32(length), previous: index - 1, next: -1))
  }

  /// The tokens of the word that was appended.
  mutating func merged(_ merges: MergeTable) throws -> [WordCache.Token] {
    var steps = Steps()
    for index in symbols.indices.dropLast() {
      try steps.next()
      push(at: index, merges)
    }
    while let top = pop() {
      try steps.next()
      let place = Int(top.order & 0xFFFF_FFFF)
      let left = symbols[place]
      guard left.length > 0, left.next >= 0 else { continue }
      let next = Int(left.next)
      guard merges[left.token, symbols[next].token]?.token == top.token else { continue }
      join(place, next, top.token)
      if symbols[place].previous >= 0 { push(at: Int(symbols[place].previous), merges) }
      push(at: place, merges)
    }
    return symbols.lazy.filter { $0.length > 0 }.map { WordCache.Token(id: $0.token, length: $0.length) }
  }

  private mutating func join(_ place: Int, _ next: Int, _ token: Int32) {
    symbols[place].token = token
    symbols[place].length += symbols[next].length
    symbols[place].next = symbols[next].next
    symbols[next].length = 0
    if symbols[next].next >= 0 { symbols[Int(symbols[next].next)].previous = Int32(place) }
  }

  // MARK: - Heap

  private mutating func push(at place: Int, _ merges: MergeTable) {
    let next = symbols[place].next
    guard next >= 0, let merge = merges[symbols[place].token, symbols[Int(next)].token] else { return }
    let entry = Entry(order: UInt64(UInt32(merge.rank)) << 32 | UInt64(place), token: merge.token)
    heap.append(entry)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 4
      if heap[parent].order <= entry.order { break }
      heap[child] = heap[parent]
      child = parent
    }
    heap[child] = entry
  }

  private mutating func pop() -> Entry? {
    guard let top = heap.first, let last = heap.popLast() else { return nil }
    if heap.isEmpty { return top }
    var parent = 0
    while true {
      let first = 4 * parent + 1
      guard first < heap.count else { break }
      var least = first
      for child in first + 1..<max(first + 1, min(first + 4, heap.count))
      where heap[child].order < heap[least].order { least = child }
      if heap[least].order >= last.order { break }
      heap[parent] = heap[least]
      parent = least
    }
    heap[parent] = last
    return top
  }
}
