import ExactText

extension Provenance {
  /// nil when `line` is none.
  init?(line: String) {
    guard line.hasPrefix(Self.mark) else { return nil }
    var rest = line.dropFirst(Self.mark.count)
    fields = []
    while true {
      rest = rest.drop(while: \.isWhitespace)
      guard let equals = rest.firstIndex(of: "=") else { return }
      let key = String(rest[..<equals])
      rest = rest[rest.index(after: equals)...]
      fields.append((key, Self.value(&rest)))
    }
  }

  /// Takes a value: up to a blank, or in quotes.
  private static func value(_ rest: inout Substring) -> String {
    guard rest.first == "\"" else {
      let value = rest.prefix { !$0.isWhitespace }
      rest = rest[value.endIndex...]
      return String(value)
    }
    rest.removeFirst()
    var value = ""
    while let character = rest.popFirst(), character != "\"" {
      value.append(character == "\\" ? unescaped(rest.popFirst()) : character)
    }
    return value
  }

  private static func unescaped(_ character: Character?) -> Character {
    switch character {
    case "n": "\n"
    case "r": "\r"
    case "t": "\t"
    case "0": "\0"
    default: character ?? "\\"
    }
  }
}
