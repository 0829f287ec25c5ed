extension SeededGenerator {
  /// What trips readers of text formats.
  private static let pieces: [[UInt8]] =
    [
      [0], [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0x7F],
      [0x1B, 0x5B, 0x41],
    ]
    + [
      "\n", "\r\n", "\r", "\t", "\\", "\"", "{", "}", "[", "]", ",", ":", "-", "1e999", "9223372036854775808",
      "[MASK]", "\u{2028}", "\u{301}", "\\ud800", "null",
    ].map { Array($0.utf8) }

  /// A few random changes.
  package mutating func mutated(_ bytes: [UInt8], _ changes: ClosedRange<Int> = 1...3) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<count(changes) {
      let start = count(0...bytes.count)
      let end = min(bytes.count, start + count(0...6))
      switch count(0...6) {
      case 0 where start < bytes.count: bytes[start] ^= 1 << UInt8(count(0...7))
      case 1 where start < bytes.count: bytes[start] = UInt8(count(0...255))
      case 2: bytes.removeSubrange(start..<end)
      case 3: bytes.insert(contentsOf: pick(Self.pieces), at: start)
      case 4: bytes.insert(contentsOf: bytes[start..<end], at: count(0...bytes.count))
      case 5: bytes.removeLast(bytes.count - end)
      default: bytes.insert(contentsOf: Array(repeating: bytes.last ?? 0, count: count(0...9)), at: start)
      }
    }
    return bytes
  }

  package mutating func randomBytes(_ range: ClosedRange<Int>) -> [UInt8] {
    (0..<count(range)).map { _ in UInt8.random(in: 0...255, using: &self) }
  }
}
