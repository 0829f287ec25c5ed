import Faults

/// The characters that stand for bytes in byte-level vocabularies: a printable one for each of the 256.
///
/// `bytes_to_unicode` of GPT-2: printable Latin-1 characters stand for themselves, the other bytes for U+0100 and the
/// characters behind it, in order. The blank is Ġ.
enum ByteAlphabet {
  static let blank: Unicode.Scalar = "\u{120}"

  static let characters: [Unicode.Scalar] = {
    var other: UInt32 = 0x100
    return (0..<256).compactMap { (byte: UInt32) in
      if 0x21...0x7E ~= byte || 0xA1...0xAC ~= byte || 0xAE...0xFF ~= byte { return Unicode.Scalar(byte) }
      defer { other += 1 }
      return Unicode.Scalar(other)
    }
  }()

  private static let bytes: [UInt8?] = {
    var bytes = [UInt8?](repeating: nil, count: 0x150)
    for (byte, character) in characters.enumerated() { bytes[Int(character.value)] = UInt8(byte) }
    return bytes
  }()

  /// The byte that a character stands for.
  static func byte(_ character: Unicode.Scalar) -> UInt8? {
    character.value < 0x150 ? bytes[Int(character.value)] : nil
  }

  /// The bytes of a token; nil where a character stands for none.
  static func bytes(of token: String) -> [UInt8]? {
    var result: [UInt8] = []
    for character in token.unicodeScalars {
      guard let byte = byte(character) else { return nil }
      result.append(byte)
    }
    return result
  }

  /// `text[part]` with each byte of its UTF-8 as a character, which has the source of the whole character.
  static func encode(_ text: NormalizedText, _ part: Range<Int>) throws -> NormalizedText {
    var result = NormalizedText(capacity: part.count)
    try append(text, part, to: &result)
    return result
  }

  static func append(_ text: NormalizedText, _ part: Range<Int>, to result: inout NormalizedText) throws {
    let characters = Self.characters
    var steps = Steps()
    for index in part {
      try steps.next()
      let (scalar, source) = (text.scalars[index], text.sources[index])
      if scalar.value < 0x80 {
        result.append(characters[Int(scalar.value)], source: source)
      } else {
        for byte in String(scalar).utf8 {
          result.append(characters[Int(byte)], source: source)
        }
      }
    }
  }
}
