import ExactText
import Foundation

/// Decompositions (Unicode NFD and NFKD, without reordering) of single characters.
///
/// Unicode guarantees that an assigned character never gains or changes a decomposition, so every
/// version of the tables agrees on the characters of Unicode 9, which the library knows.
enum Decomposition {
  /// Passes on the characters of the decomposition, the first being `scalar` if it has none.
  ///
  /// - Parameter isCompatible: the compatibility decomposition (NFKD), which takes apart more.
  static func forEach(
    of scalar: Unicode.Scalar, isCompatible: Bool = false, _ body: (Unicode.Scalar) throws -> Void
  ) rethrows {
    switch scalar.value {
    case 0..<0xA0: try body(scalar)
    case 0xAC00...0xD7A3: try hangul(scalar.value - 0xAC00, body)
    default:
      guard let parts = isCompatible ? compatible[scalar] : canonical[scalar] else { return try body(scalar) }
      try parts.forEach(body)
    }
  }

  /// Every character that decomposes, except Hangul syllables.
  ///
  /// The standard library has no table, so Foundation is asked about the ranges in which such
  /// characters are; done once, it takes a few milliseconds.
  static let canonical = table(ranges) { $0.decomposedStringWithCanonicalMapping }

  private static let compatible = table(compatibleRanges) { $0.decomposedStringWithCompatibilityMapping }

  private static func table(
    _ ranges: [ClosedRange<UInt32>], _ decomposed: (String) -> String
  ) -> [Unicode.Scalar: [Unicode.Scalar]] {
    var table: [Unicode.Scalar: [Unicode.Scalar]] = [:]
    for scalar in ranges.joined().compactMap(Unicode.Scalar.init) {
      guard let age = scalar.properties.age, age.major <= 9 else { continue }
      let parts = Array(decomposed(String(scalar)).unicodeScalars)
      if parts != [scalar] { table[scalar] = parts }
    }
    return table
  }

  static let ranges: [ClosedRange<UInt32>] = [
    0xC0...0x233F, 0x2ADC...0x2ADC, 0x304C...0x30FE, 0xF900...0xFB4E, 0x1109A...0x110AB,
    0x1112E...0x1112F, 0x1134B...0x1134C, 0x114BB...0x114BE, 0x115BA...0x115BB, 0x1D15E...0x1D1C0,
    0x2F800...0x2FA1D,
  ]

  private static let compatibleRanges: [ClosedRange<UInt32>] = [
    0xA0...0x2EF3, 0x2F00...0x33FF, 0xA69C...0xA69D, 0xA770...0xA770, 0xA7F8...0xA7F9, 0xAB5C...0xAB5F,
    0xF900...0xFFEE, 0x1109A...0x110AB, 0x1112E...0x1112F, 0x1134B...0x1134C, 0x114BB...0x114BE,
    0x115BA...0x115BB, 0x1D15E...0x1D1C0, 0x1D400...0x1D7FF, 0x1EE00...0x1EEFF, 0x1F100...0x1F251,
    0x2F800...0x2FA1D,
  ]

  /// The Unicode Standard, section 3.12: syllable = (lead * 21 + vowel) * 28 + trail.
  private static func hangul(_ syllable: UInt32, _ body: (Unicode.Scalar) throws -> Void) rethrows {
    let lead = 0x1100 + syllable / 588
    let vowel = 0x1161 + syllable % 588 / 28
    let trail = 0x11A7 + syllable % 28
    for value in [lead, vowel, trail] where value != 0x11A7 {
      if let scalar = Unicode.Scalar(value) { try body(scalar) }
    }
  }
}
