import Faults
import Rendering

/// How a terminal is shown a character that it would act on.
enum EscapeNotation {
  /// `\u{1B}`, as strings of scripts are written.
  case script
  /// `\u001b`: the JSON stays JSON, of the same strings.
  case json

  /// - Parameter scalar: of the Basic Multilingual Plane, as all of them are.
  func escaped(_ scalar: Unicode.Scalar) -> String {
    switch self {
    case .script: return String(scalar).escapingControls
    case .json:
      let digits = String(scalar.value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
  }
}

extension StyledText {
  /// What may be sent to a terminal: of all that a terminal acts on, only line ends, tabs and the styles are left.
  ///
  /// Everything that reaches a terminal goes through here: names, texts and labels come from files of other people.
  func gated(_ notation: EscapeNotation, check: InterruptionCheck) rethrows -> StyledText {
    try mapTexts { try gatedText($0, notation, check) }
  }
}

/// Part by part: most parts have nothing to escape and are taken as they are.
private func gatedText(_ text: String, _ notation: EscapeNotation, _ check: InterruptionCheck) rethrows
  -> String
{
  let (size, utf8) = (1 << 14, text.utf8)
  var gated = ""
  gated.reserveCapacity(utf8.count)
  var start = text.startIndex
  while start < text.endIndex {
    try check()
    var end = utf8.index(start, offsetBy: size, limitedBy: text.endIndex) ?? text.endIndex
    while end < text.endIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(after: end) }
    // CR LF stay together.
    if end < text.endIndex, utf8[utf8.index(before: end)] == 0x0D { end = utf8.index(after: end) }
    while end < text.endIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(after: end) }
    let part = text[start..<end]
    if part.mayHoldTerminalControls(but: "\n\t") {
      gated += gatedPart(part.unicodeScalars, notation)
    } else {
      gated += part
    }
    start = end
  }
  return gated
}

private func gatedPart(_ scalars: Substring.UnicodeScalarView, _ notation: EscapeNotation) -> String {
  var gated = String.UnicodeScalarView()
  var index = scalars.startIndex
  while index < scalars.endIndex {
    let scalar = scalars[index]
    index = scalars.index(after: index)
    // CR LF is how CSV ends its lines; CR alone would have the line overwritten.
    if scalar == "\r", index < scalars.endIndex, scalars[index] == "\n" { continue }
    if !scalar.isTerminalControl || scalar == "\n" || scalar == "\t" {
      gated.append(scalar)
    } else {
      gated.append(contentsOf: notation.escaped(scalar).unicodeScalars)
    }
  }
  return String(gated)
}
