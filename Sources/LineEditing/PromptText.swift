/// A prompt in the form that libedit shows correctly.
///
/// libedit counts what stands between two U+0001 as nothing, if exactly one such literal stands before a
/// character that takes room: of two neighbours the second garbles the line, and a last one is lost.
/// So SGR sequences (`ESC [ ... m`) are gathered before the next visible character, and those at the end
/// move before the last one.
struct PromptText {
  /// The lines before the last; they are printed once, above the line that is edited.
  let header: String
  /// The last line, with literals marked.
  let marked: String

  init(_ prompt: String, colour: Bool = true) {
    let parts = PromptText.split(prompt)
    let lastLine = parts.lastIndex { $0.character == "\n" }.map { $0 + 1 } ?? 0
    header = parts[..<lastLine].map { (colour ? $0.style : "") + String($0.character) }.joined()
    marked = PromptText.mark(Array(parts[lastLine...]), colour: colour)
  }

  /// A visible character and the escape sequences before it; an end without a character is "\0".
  private typealias Part = (style: String, character: Character)

  private static func split(_ prompt: String) -> [Part] {
    var parts: [Part] = []
    var style = ""
    var rest = Substring(prompt)
    while let character = rest.first {
      if let sequence = escapeSequence(at: rest) {
        style += sequence
        rest = rest.dropFirst(sequence.count)
        continue
      }
      rest.removeFirst()
      guard character == "\n" || !character.isControl else { continue }
      parts.append((style, character))
      style = ""
    }
    if !style.isEmpty { parts.append((style, "\0")) }
    return parts
  }

  /// `ESC [ parameters letter` at the start of a text.
  private static func escapeSequence(at text: Substring) -> Substring? {
    guard text.hasPrefix("\u{1B}[") else { return nil }
    let parameters = text.dropFirst(2).prefix { $0.isASCII && !$0.isLetter }
    let length = 2 + parameters.count + 1
    return text.count >= length ? text.prefix(length) : nil
  }

  private static func mark(_ parts: [Part], colour: Bool) -> String {
    var parts = parts
    if let end = parts.last, end.character == "\0" {
      parts.removeLast()
      if let last = parts.popLast() { parts.append((last.style + end.style, last.character)) }
    }
    return parts.map { part in
      part.style.isEmpty || !colour
        ? String(part.character) : "\u{1}\(part.style)\u{1}\(part.character)"
    }.joined()
  }
}
