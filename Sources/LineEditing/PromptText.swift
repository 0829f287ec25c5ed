import ExactText

/// A prompt without its escape sequences (`ESC [ ... letter`) and control characters, for terminals that show
/// neither.
func withoutEscapeSequences(_ prompt: String) -> String {
  var plain = ""
  var rest = Substring(prompt)
  while let character = rest.popFirst() {
    if character == "\u{1B}", rest.first == "[" {
      let parameters = rest.dropFirst().prefix {
        !($0.unicodeScalars.first.map { ("@"..."~").contains($0) } ?? false)
      }
      rest = rest.dropFirst(1 + parameters.count + 1)
    } else if character == "\n" || !character.isControl {
      plain.append(character)
    }
  }
  return plain
}
