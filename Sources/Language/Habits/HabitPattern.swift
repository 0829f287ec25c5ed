import ExactText

/// A text with holes, matched without regard to case: `hidden_states[{n}]`.
///
/// `{n}` stands for digits, `{w}` for a word (letters, digits, `_`, `-`), `{p}` for anything without blanks and `{r}` for anything
/// else, each also with a further character (`{n1}`, `{n2}`). A blank stands for one or several.
package struct HabitPattern: Sendable {
  private enum Piece: Sendable {
    case scalar(Unicode.Scalar)
    case hole(String)
  }

  private let pieces: [Piece]
  /// Longer texts are no slips; matching goes back and forth.
  private static let longestText = 400

  package init(_ text: String) {
    var (pieces, rest) = ([Piece](), Array(text.unicodeScalars)[...])
    while let scalar = rest.popFirst() {
      if scalar == "{", let kind = rest.first, "nwpr".unicodeScalars.contains(kind),
        let end = rest.firstIndex(of: "}")
      {
        pieces.append(.hole(String(String.UnicodeScalarView(rest[..<end]))))
        rest = rest[(end + 1)...]
      } else {
        pieces.append(.scalar(scalar))
      }
    }
    self.pieces = pieces
  }

  /// What stands in the holes; nil where the text is another.
  package func match(_ text: String) -> NameTable<String>? {
    let scalars = Array(text.unicodeScalars)
    guard scalars.count <= Self.longestText else { return nil }
    var found: NameTable<String> = [:]
    return matches(pieces[...], scalars[...], &found) ? found : nil
  }

  private func matches(
    _ pieces: ArraySlice<Piece>, _ text: ArraySlice<Unicode.Scalar>, _ found: inout NameTable<String>
  ) -> Bool {
    guard let piece = pieces.first else { return text.isEmpty }
    switch piece {
    case .scalar(" "):
      let blanks = text.prefix { $0 == " " || $0 == "\t" }
      return !blanks.isEmpty && matches(pieces.dropFirst(), text.dropFirst(blanks.count), &found)
    case .scalar(let scalar):
      guard let first = text.first, scalar.properties.lowercaseMapping == first.properties.lowercaseMapping
      else {
        return false
      }
      return matches(pieces.dropFirst(), text.dropFirst(), &found)
    case .hole(let name):
      let longest = text.prefix { Self.fits($0, name) }.count
      for count in stride(from: longest, to: 0, by: -1) {
        guard matches(pieces.dropFirst(), text.dropFirst(count), &found) else { continue }
        found[name] = String(String.UnicodeScalarView(text.prefix(count)))
        return true
      }
      return false
    }
  }

  private static func fits(_ scalar: Unicode.Scalar, _ hole: String) -> Bool {
    switch hole.unicodeScalars.first {
    case "n": "0"..."9" ~= scalar
    case "w": scalar.properties.isXIDContinue || scalar == "-"
    case "p": !scalar.properties.isWhitespace
    default: true
    }
  }

  /// The text with its holes filled: `{n-1}` is one less than what was found for `{n}`.
  package func filled(with found: NameTable<String>) -> String {
    pieces.map { piece in
      switch piece {
      case .scalar(let scalar): String(scalar)
      case .hole(let name): found[name] ?? Self.lesser(name, found) ?? ""
      }
    }.joined()
  }

  private static func lesser(_ name: String, _ found: NameTable<String>) -> String? {
    guard name.hasSuffix("-1"), let number = found[String(name.dropLast(2))].flatMap({ Int($0) }) else {
      return nil
    }
    return String(number - 1)
  }
}
