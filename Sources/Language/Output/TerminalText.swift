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

private func gatedText(_ text: String, _ notation: EscapeNotation, _ check: InterruptionCheck) rethrows
  -> String
{
  guard text.mayHoldTerminalControls else { return text }
  let interval = 1 << 12
  var gated = String.UnicodeScalarView()
  let scalars = text.unicodeScalars
  var (index, count) = (scalars.startIndex, 0)
  while index < scalars.endIndex {
    if count % interval == 0 { try check() }
    count += 1
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
