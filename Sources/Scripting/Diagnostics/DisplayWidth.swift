import ExactText

/// How a terminal shows characters of a source.
extension Unicode.Scalar {
  /// The columns of a terminal: 0 for combining marks and joiners, 2 for East Asian wide characters
  /// and emoji, 1 otherwise. Control and format characters are shown as ``escaped``.
  var displayWidth: Int {
    if value < 0x300 { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    // The vowels and final consonants of a Hangul syllable that is written in parts.
    if (0x1160...0x11FF).contains(value) { return 0 }
    let isWide = properties.isEmojiPresentation || Self.wide.contains { $0.contains(value) }
    return isWide ? 2 : 1
  }

  /// Wide and Fullwidth of Unicode's EastAsianWidth.txt, in large blocks.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
    0x16FE0...0x1B2FF, 0x1F200...0x1F265, 0x20000...0x3FFFD,
  ]

  /// Whether a terminal would act on the character, reorder what stands around it, or show nothing.
  private var isDangerous: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    case .format: self != "\u{200C}" && self != "\u{200D}"  // joiners belong to words and emoji
    default: false
    }
  }

  /// The character itself, or `\u{1B}` for one that must not reach a terminal.
  var escaped: String {
    isDangerous ? "\\u{\(String(value, radix: 16, uppercase: true))}" : String(self)
  }

  /// The columns of ``escaped``.
  var escapedWidth: Int { isDangerous ? escaped.count : displayWidth }
}

extension String {
  /// The text on one line, without anything that a terminal would act on.
  var escapedForTerminal: String { unicodeScalars.map(\.escaped).joined() }
}
