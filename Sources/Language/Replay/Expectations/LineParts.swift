/// A line of a result in numbers and the text between them.
enum LineParts: Equatable {
  /// With its text.
  case number(Double, String)
  /// A word, or a part of one; the blank between words is a part of its own.
  case text(String)

  static func of(_ line: String) -> [LineParts] {
    var parts: [LineParts] = []
    for word in line.split(whereSeparator: \.isWhitespace) {
      if !parts.isEmpty { parts.append(.text(" ")) }
      parts += split(word[...])
    }
    return parts
  }

  private static func split(_ word: Substring) -> [LineParts] {
    var (parts, text): ([LineParts], String) = ([], "")
    var rest = word
    while let first = rest.first {
      if !belongsToWord(text.last), let length = numberLength(rest) {
        if !text.isEmpty { parts.append(.text(text)) }
        text = ""
        let number = String(rest.prefix(length))
        parts.append(.number(Double(number) ?? .nan, number))
        rest = rest.dropFirst(length)
      } else {
        // A digit that begins no number belongs to the word: the word goes on.
        text.append(first)
        rest.removeFirst()
      }
    }
    return text.isEmpty ? parts : parts + [.text(text)]
  }

  private static func belongsToWord(_ character: Character?) -> Bool {
    character.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." } ?? false
  }

  /// How many characters at the beginning are a number that no letter follows.
  private static func numberLength(_ text: Substring) -> Int? {
    let characters = Array(text)
    var end = characters.first == "-" || characters.first == "+" ? 1 : 0
    for name in ["inf", "nan"] where characters.dropFirst(end).starts(with: name) {
      return endsNumber(characters, end + 3) ? end + 3 : nil
    }
    let digits = digits(characters, end)
    guard digits > end else { return nil }
    end = digits
    if characters[safe: end] == "." {
      let fraction = Self.digits(characters, end + 1)
      if fraction > end + 1 { end = fraction }
    }
    end = exponentEnd(characters, end)
    return endsNumber(characters, end) ? end : nil
  }

  private static func digits(_ characters: [Character], _ start: Int) -> Int {
    var end = start
    while let character = characters[safe: end], character.isASCII, character.isNumber { end += 1 }
    return end
  }

  private static func exponentEnd(_ characters: [Character], _ start: Int) -> Int {
    guard characters[safe: start] == "e" else { return start }
    let sign = characters[safe: start + 1]
    let first = sign == "-" || sign == "+" ? start + 2 : start + 1
    let end = digits(characters, first)
    return end > first ? end : start
  }

  private static func endsNumber(_ characters: [Character], _ end: Int) -> Bool {
    characters[safe: end].map { !($0.isLetter || $0.isNumber || $0 == "_") } ?? true
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
