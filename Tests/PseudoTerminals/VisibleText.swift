/// Terminal output without escape sequences, with the way back to the bytes.
struct VisibleText {
  private var bytes: [UInt8] = []
  /// For each byte, the offset after it in the original.
  private var ends: [Int] = []

  var text: String { String(decoding: bytes, as: UTF8.self) }

  init(_ output: ArraySlice<UInt8>) {
    var rest = output
    while let byte = rest.first {
      let length = VisibleText.escapeLength(rest)
      if length == 0 {
        bytes.append(byte)
        ends.append(rest.startIndex + 1 - output.startIndex)
      }
      rest = rest.dropFirst(max(1, length))
    }
  }

  /// The text up to the end of the first occurrence, and how many original bytes that took.
  func endOfFirst(_ wanted: String) -> (text: String, offset: Int)? {
    let pattern = Array(wanted.utf8)
    guard !pattern.isEmpty, bytes.count >= pattern.count else { return nil }
    for start in 0...(bytes.count - pattern.count)
    where bytes[start] == pattern[0] && bytes[start..<(start + pattern.count)].elementsEqual(pattern) {
      let end = start + pattern.count
      return (String(decoding: bytes[..<end], as: UTF8.self), ends[end - 1])
    }
    return nil
  }

  /// Bytes of the escape sequence at the start: CSI, OSC or a two-byte one; 0 if none starts here.
  private static func escapeLength(_ output: ArraySlice<UInt8>) -> Int {
    guard output.first == 0x1B else { return 0 }
    let after = output.dropFirst()
    switch after.first {
    case UInt8(ascii: "["):
      let final = after.dropFirst().firstIndex { (0x40...0x7E).contains($0) }
      return (final ?? output.endIndex - 1) - output.startIndex + 1
    case UInt8(ascii: "]"):
      let bell = after.firstIndex(of: 0x07)
      return (bell ?? output.endIndex - 1) - output.startIndex + 1
    case UInt8(ascii: "("), UInt8(ascii: ")"): return min(3, output.count)
    default: return min(2, output.count)
    }
  }
}
