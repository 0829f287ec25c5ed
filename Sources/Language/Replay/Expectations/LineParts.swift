import ExactText

/// A line of a result in numbers and the text between them.
enum LineParts: Equatable {
  /// With its text.
  case number(Double, String)
  /// A word, or a part of one; the blank between words is a part of its own.
  case text(String)
  /// A bar of a drawing, in eighths of a character, and the step in which such bars grow.
  case bar(Int, step: Int)

  static func of(_ line: String) -> [LineParts] {
    var parts: [LineParts] = []
    for word in line.split(whereSeparator: \.isWhitespace) {
      if !parts.isEmpty { parts.append(.text(" ")) }
      parts += split(Array(word)[...])
    }
    return parts
  }

  private static func split(_ word: ArraySlice<Character>) -> [LineParts] {
    var (parts, text): ([LineParts], String) = ([], "")
    var rest = word
    while let first = rest.first {
      let found = bar(rest) ?? (belongsToWord(text.last) ? nil : number(rest))
      guard let (part, length) = found else {
        // A digit that begins no number belongs to the word: the word goes on.
        text.append(first)
        rest.removeFirst()
        continue
      }
      if !text.isEmpty { parts.append(.text(text)) }
      text = ""
      parts.append(part)
      rest = rest.dropFirst(length)
    }
    return text.isEmpty ? parts : parts + [.text(text)]
  }

  /// Bars to the left of an axis grow in halves of a character, others in eighths.
  private static func bar(_ text: ArraySlice<Character>) -> (LineParts, length: Int)? {
    let lengths = text.lazy.map(eighths).prefix { $0 != nil }.compactMap { $0 }
    guard !lengths.isEmpty else { return nil }
    let isLeft = text.dropFirst(lengths.count).first == "│"
    return (.bar(lengths.reduce(0, +), step: isLeft ? 4 : 1), lengths.count)
  }

  private static func eighths(_ block: Character) -> Int? {
    guard let code = block.unicodeScalars.first?.value else { return nil }
    return switch code {
    case 0x2588...0x258F: 8 - Int(code - 0x2588)
    case 0x2590: 4
    case 0x2595: 1
    default: nil
    }
  }

  private static func number(_ text: ArraySlice<Character>) -> (LineParts, length: Int)? {
    guard let length = numberLength(text) else { return nil }
    let number = String(text.prefix(length))
    return (.number(Double(number) ?? .nan, number), length)
  }

  private static func belongsToWord(_ character: Character?) -> Bool {
    character.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." } ?? false
  }

  /// How many characters at the beginning are a number that no letter follows.
  private static func numberLength(_ characters: ArraySlice<Character>) -> Int? {
    let start = characters.startIndex
    var end = characters.first == "-" || characters.first == "+" ? start + 1 : start
    if ["inf", "nan"].contains(String(characters[end...].prefix(3))) {
      return endsNumber(characters, end + 3) ? end + 3 - start : nil
    }
    let digits = digits(characters, end)
    guard digits > end else { return nil }
    end = digits
    if characters[safe: end] == "." {
      let fraction = Self.digits(characters, end + 1)
      if fraction > end + 1 { end = fraction }
    }
    end = exponentEnd(characters, end)
    return endsNumber(characters, end) ? end - start : nil
  }

  private static func digits(_ characters: ArraySlice<Character>, _ start: Int) -> Int {
    var end = start
    while let character = characters[safe: end], character.isASCII, character.isNumber { end += 1 }
    return end
  }

  private static func exponentEnd(_ characters: ArraySlice<Character>, _ start: Int) -> Int {
    guard characters[safe: start] == "e" else { return start }
    let sign = characters[safe: start + 1]
    let first = sign == "-" || sign == "+" ? start + 2 : start + 1
    let end = digits(characters, first)
    return end > first ? end : start
  }

  private static func endsNumber(_ characters: ArraySlice<Character>, _ end: Int) -> Bool {
    characters[safe: end].map { !($0.isLetter || $0.isNumber || $0 == "_") } ?? true
  }
}

extension ArraySlice {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
