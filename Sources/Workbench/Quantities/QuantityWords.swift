import ExactText
import Language
import Transformers

/// What the argument of `qoi` consists of: blank-separated words; brackets stand alone except where they begin a word
/// (`[MASK]`); quotes hold blanks. In a set, `prob[{...}]`, braces, commas and `..` stand alone too.
struct QuantityWords {
  private var words: [String] = []
  private var word = ""
  private var isQuoted = false
  private var isEscaped = false
  /// Within a word that a bracket begins.
  private var isSpecial = false
  /// Within the braces of a set.
  private var isSet = false

  static func split(_ source: String) -> [String] {
    var words = QuantityWords()
    for character in source { words.add(character) }
    words.flush()
    return words.words
  }

  private mutating func flush() {
    if !word.isEmpty { words.append(word) }
    word = ""
  }

  private mutating func add(_ character: Character) {
    if character == "\"", !isEscaped { isQuoted.toggle() }
    isEscaped = isQuoted && !isEscaped && character == "\\"
    if isQuoted || character == "\"" {
      word.append(character)
    } else if character.isWhitespace {
      flush()
      isSpecial = false
    } else if !addBracket(character), !addOfSet(character) {
      word.append(character)
    }
  }

  private mutating func addBracket(_ character: Character) -> Bool {
    guard character == "[" || character == "]" else { return false }
    if character == "[", word.isEmpty, !Self.readers.contains(Name(words.last ?? "")) {
      word.append(character)
      isSpecial = true
    } else if character == "]", isSpecial {
      word.append(character)
      isSpecial = false
      flush()
    } else {
      flush()
      words.append(String(character))
      if character == "]" { isSet = false }
    }
    return true
  }

  private mutating func addOfSet(_ character: Character) -> Bool {
    let begins = character == "{" && word.isEmpty && isBehindReader
    guard begins || isSet && (character == "," || character == "}" || character == ".") else { return false }
    if character == "." {
      word.append(character)
      guard word.hasSuffix("..") else { return true }
      word.removeLast(2)
      flush()
      words.append("..")
    } else {
      flush()
      words.append(String(character))
      isSet = character != "}"
    }
    return true
  }

  private var isBehindReader: Bool {
    words.last == "[" && Self.readouts.contains(Name(words.dropLast().last ?? ""))
  }

  private static let readouts = Set(names: QuantityOfInterest.Readout.allCases.map(\.rawValue))
  private static let readers = readouts.union(Set(names: ["label", "id"]))
}
