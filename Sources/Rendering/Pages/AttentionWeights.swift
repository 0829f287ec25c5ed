import ExactText
import Faults
import Tensors

/// Attention weights as small as a page takes them.
///
/// A weight w in 0 ... 1 is the byte 255 √w, rounded: off by at most 0.004, by less the smaller it is. Where all of them take too much
/// room, of each query the greatest are kept, and what is left of their sum is one more byte.
struct AttentionWeights {
  /// Bytes that all heads together may take before they become text, which is a third longer.
  static let room = 13 << 20
  /// Fewer than these of a query are no picture of it.
  static let fewest = 8

  /// Of each query; n where all are here.
  let kept: Int
  let length: Int

  /// nil where not even ``fewest`` of each query have room.
  init?(heads: Int, length: Int) {
    self.length = length
    let queries = max(1, heads * length)
    if queries * length <= Self.room {
      kept = length
    } else {
      // A key takes two bytes and its weight one, the rest of a query one.
      kept = min((Self.room / queries - 1) / 3, length - 1)
      if kept < Self.fewest || length > Int(UInt16.max) { return nil }
    }
  }

  /// How many heads of a text have room; for a remedy.
  static func heads(length: Int) -> Int {
    max(room / max(1, length * length), room / max(1, length * (3 * fewest + 1)))
  }

  /// - Parameter weights: (n, n) of one head
  /// - Throws: ``Interrupted``.
  func bytes(_ weights: Tensor) throws -> [UInt8] {
    let codes = try weights.interruptibleValues(Self.code)
    if kept == length { return codes }
    var (keys, chosen, rests): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
    keys.reserveCapacity(2 * length * kept)
    chosen.reserveCapacity(length * kept)
    var steps = Steps()
    for query in 0..<length {
      let row = codes[(query * length)..<((query + 1) * length)]
      var (least, ties) = Self.least(of: row, kept: kept)
      var rest: Float = 0
      for place in row.indices {
        try steps.next()
        let isTie = codes[place] == least && ties > 0
        if isTie { ties -= 1 }
        guard isTie || codes[place] > least else {
          rest += Self.weight(codes[place])
          continue
        }
        let key = place - row.startIndex
        keys += [UInt8(key & 0xFF), UInt8(key >> 8)]
        chosen.append(codes[place])
      }
      rests.append(Self.code(rest))
    }
    return keys + chosen + rests
  }

  /// The least of the greatest codes of a row, and how many of its equals are among them.
  private static func least(of row: ArraySlice<UInt8>, kept: Int) -> (code: UInt8, ties: Int) {
    var counts = [Int](repeating: 0, count: 256)
    for code in row { counts[Int(code)] += 1 }
    var left = kept
    for code in stride(from: 255, through: 0, by: -1) {
      if counts[code] >= left { return (UInt8(code), left) }
      left -= counts[code]
    }
    return (0, 0)
  }

  static func weight(_ code: UInt8) -> Float {
    let root = Float(code) / 255
    return root * root
  }

  /// 0 of what is no number.
  static func code(_ weight: Float) -> UInt8 {
    weight > 0 ? UInt8((255 * min(weight, 1).squareRoot()).rounded()) : 0
  }
}

/// RFC 4648, with padding.
func base64(_ bytes: [UInt8]) -> String {
  let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  return String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { text in
    var place = 0
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = (0..<3).map { start + $0 < bytes.count ? Int(bytes[start + $0]) : 0 }
      let bits = group[0] << 16 | group[1] << 8 | group[2]
      for part in 0..<4 {
        let isPadding = start + part > bytes.count
        text[place] = isPadding ? UInt8(ascii: "=") : letters[bits >> (18 - 6 * part) & 63]
        place += 1
      }
    }
    return place
  }
}
