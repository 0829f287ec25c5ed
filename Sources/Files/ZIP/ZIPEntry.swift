/// What the directory of a ZIP archive says about one entry.
package struct ZIPEntry {
  package let name: String
  let flags: Int
  let method: Int
  let checksum: Int
  let packedSize: Int
  let size: Int
  /// Where its local header stands.
  let offset: Int
}

/// How contents are packed: APPNOTE, 4.4.5.
enum ZIPMethod: Int {
  case stored = 0
  case deflated = 8

  static func name(of number: Int) -> String {
    switch number {
    case 12: "bzip2"
    case 14: "LZMA"
    case 93: "Zstandard"
    default: "method \(number)"
    }
  }
}

/// Little-endian numbers at places of a file, of which a part is in memory.
struct ZIPBytes {
  let bytes: [UInt8]
  /// Where the part begins in the file.
  var start = 0

  /// Where the part ends in the file.
  var end: Int { start + bytes.count }

  /// The number of `size` bytes at `offset`, 2^60 for all that are larger: no file is, and two of them can be added.
  func number(_ offset: Int, _ size: Int) -> Int {
    let number = (0..<size).reduce(0 as UInt64) { $0 | UInt64(bytes[offset - start + $1]) << (8 * $1) }
    return Int(min(number, 1 << 60))
  }

  subscript(range: Range<Int>) -> ArraySlice<UInt8> {
    bytes[(range.lowerBound - start)..<(range.upperBound - start)]
  }

  func has(_ signature: Int, at offset: Int, length: Int, before end: Int) -> Bool {
    offset >= start && offset + length <= end && number(offset, 4) == signature
  }
}
