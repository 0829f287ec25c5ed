/// Properties of characters as the library Hugging Face `tokenizers` sees them.
///
/// BERT's rules ask for general categories. The library takes them from tables of Unicode 8, in
/// which later characters are unassigned and so neither controls, marks nor punctuation. Swift's
/// tables are newer; what they say counts only for characters that were there in time, except for
/// the few whose category Unicode has changed since. The tests compare every code point.
extension Unicode.Scalar {
  private static let categoriesVersion = 8
  private static let normalizationVersion = 9

  private func isAssigned(inUnicode major: Int) -> Bool {
    properties.age.map { $0.major <= major } ?? false
  }

  /// Removed by text cleaning: controls, format characters, private use, U+FFFD; not white space.
  var isRemovedByCleaning: Bool {
    if value < 0x7F { return value < 0x20 && !isASCIISpace }
    switch properties.generalCategory {
    case .control, .format, .privateUse: return isAssigned(inUnicode: Self.categoriesVersion)
    default: return value == 0xFFFD
    }
  }

  /// Tab, line feed, carriage return: the controls that text cleaning takes for spaces.
  private var isASCIISpace: Bool { value == 0x09 || value == 0x0A || value == 0x0D }

  /// Ends a word and is dropped.
  var isWordSeparator: Bool {
    value < 0x80 ? value == 0x20 || (0x09...0x0D).contains(value) : properties.isWhitespace
  }

  /// Is a word of its own: the general categories P, and all ASCII symbols.
  var isWordOfItsOwn: Bool {
    switch value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return true
    case 0..<0x80: return false
    case 0x166D, 0x111C9: return true  // Po then; So and Mn now
    default: break
    }
    switch properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      return isAssigned(inUnicode: Self.categoriesVersion)
    default: return false
    }
  }

  /// Dropped when accents are stripped: general category Mn.
  var isNonspacingMark: Bool {
    switch value {
    case 0..<0x300: return false
    case 0x1734, 0x1171E: return true  // Mn then; Mc now
    case 0x1885, 0x1886, 0xA9BD, 0x111C9: return false  // Lo, Lo, Mc, Po then; Mn now
    default:
      return properties.generalCategory == .nonspacingMark
        && isAssigned(inUnicode: Self.categoriesVersion)
    }
  }

  /// The ideographs that text cleaning sets off by spaces; the blocks from the library's list, which
  /// leaves a gap at U+2B820.
  var isIdeograph: Bool {
    switch value {
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2B81F,
      0x2B920...0x2CEAF, 0x2F800...0x2FA1F:
      return true
    default: return false
    }
  }

  /// The canonical combining class; 0 (not reordered) for what the library's tables lack.
  var combiningClass: UInt8 {
    if value < 0x300 { return 0 }
    let combiningClass = properties.canonicalCombiningClass.rawValue
    return combiningClass != 0 && isAssigned(inUnicode: Self.normalizationVersion) ? combiningClass : 0
  }
}
