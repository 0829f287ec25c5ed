import Faults

/// Columns that `text` occupies on a terminal: 2 for wide (East Asian, emoji) characters, 0 for
/// combining and format characters, 1 for others.
package func displayWidth(_ text: String) -> Int {
  if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
  return text.reduce(0) { $0 + displayWidth($1) }
}

/// The same of a text that may be long.
///
/// - Throws: ``Interrupted``.
func interruptibleDisplayWidth(_ text: String) throws -> Int {
  if text.utf8.count <= 1 << 12 { return displayWidth(text) }
  var (width, steps) = (0, Steps())
  for character in text {
    try steps.next()
    width += displayWidth(character)
  }
  return width
}

/// Whether `text` takes at most `limit` columns; looks at no more of it than it must.
func fits(_ text: String, _ limit: Int) -> Bool {
  var room = limit
  for character in text {
    room -= displayWidth(character)
    if room < 0 { return false }
  }
  return true
}

/// A character is as wide as its widest scalar: marks and joiners add nothing to their base.
func displayWidth(_ character: Character) -> Int {
  if character.isASCII { return 1 }
  // U+FE0F asks for the emoji, hence wide, form of the character before it.
  if character.unicodeScalars.contains("\u{FE0F}") { return 2 }
  return character.unicodeScalars.reduce(0) { max($0, displayWidth($1)) }
}

private func displayWidth(_ scalar: Unicode.Scalar) -> Int {
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark: return 0
  case .format: return scalar == "\u{AD}" ? 1 : 0
  default: break
  }
  if scalar.properties.isEmojiPresentation { return 2 }
  return wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
}

/// Blocks of width W or F in Unicode Standard Annex 11 (East Asian Width), emoji aside.
private let wideRanges: [ClosedRange<UInt32>] = [
  0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C,
  0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60,
  0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265, 0x20000...0x3FFFD,
]

/// The beginning of `text` that fits `width` columns, ended by `ellipsis` when something is left
/// out; nothing but the ellipsis' beginning when not even that fits.
func truncate(_ text: String, to width: Int, ellipsis: String) -> String {
  if fits(text, width) { return text }
  let mark = String(ellipsis.prefix(max(0, width)))
  var result = ""
  var room = width - displayWidth(mark)
  for character in text {
    room -= displayWidth(character)
    if room < 0 { break }
    result.append(character)
  }
  return result + mark
}

func padRight(_ text: String, to width: Int) -> String {
  text + spaces(width - displayWidth(text))
}

func padLeft(_ text: String, to width: Int) -> String {
  spaces(width - displayWidth(text)) + text
}

func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
