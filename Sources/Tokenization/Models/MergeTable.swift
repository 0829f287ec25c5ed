/// The merges of a BPE vocabulary: by a pair of tokens their rank and the token they become.
///
/// Open addressing with linear probing; of equal pairs the last counts, as in `tokenizers`.
struct MergeTable: Sendable {
  struct Merge: Sendable {
    var rank: Int32
    var token: Int32
  }

  private var keys: [UInt64]
  private var merges: [Merge]
  private let mask: Int
  private static let free = UInt64.max

  init(capacity: Int) {
    var size = 16
    while size < 2 * capacity { size *= 2 }
    mask = size - 1
    keys = Array(repeating: Self.free, count: size)
    merges = Array(repeating: Merge(rank: 0, token: 0), count: size)
  }

  /// At most as many as there is room for.
  mutating func set(_ left: Int32, _ right: Int32, _ merge: Merge) {
    let slot = slot(Self.key(left, right))
    keys[slot] = Self.key(left, right)
    merges[slot] = merge
  }

  subscript(left: Int32, right: Int32) -> Merge? {
    let key = Self.key(left, right)
    let slot = slot(key)
    return keys[slot] == key ? merges[slot] : nil
  }

  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  private func slot(_ key: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 20) & mask
    while keys[slot] != key, keys[slot] != Self.free { slot = (slot + 1) & mask }
    return slot
  }
}
