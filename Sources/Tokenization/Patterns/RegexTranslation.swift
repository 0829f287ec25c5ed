import ExactText

/// Rewrites a regular expression of Oniguruma (Ruby's syntax) for PCRE2.
///
/// What both read alike stays; `\s`, `\w`, `\h` and names of scripts, which they read differently, are written out; what has no
/// counterpart is a problem that names it, rather than a pattern that means something else.
struct RegexTranslation {
  struct Problem: Error, Equatable {
    let construct: String
  }

  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var result = String.UnicodeScalarView()

  static func translate(_ pattern: String) throws -> String {
    var translation = RegexTranslation(scalars: Array(pattern.unicodeScalars))
    while let scalar = translation.next() { try translation.element(scalar) }
    return String(translation.result)
  }

  private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private mutating func next() -> Unicode.Scalar? {
    guard let scalar = peek else { return nil }
    index += 1
    return scalar
  }

  private mutating func accept(_ text: String) -> Bool {
    let scalars = Array(text.unicodeScalars)
    guard self.scalars[index...].starts(with: scalars) else { return false }
    index += scalars.count
    return true
  }

  private mutating func write(_ text: String) { result.append(contentsOf: text.unicodeScalars) }

  private mutating func element(_ scalar: Unicode.Scalar) throws {
    switch scalar {
    case "\\": try escape(isInClass: false)
    case "[": try characterClass()
    case "(": try group()
    case "{":
      // Ruby's {,n} begins at 0; some versions of PCRE2 take it for text.
      if peek == "," { throw Problem(construct: "{,") }
      result.append(scalar)
    case "}":
      result.append(scalar)
      // Behind an interval, Ruby reads a second quantifier, not a possessive one.
      if peek == "+" { throw Problem(construct: "}+") }
    default: result.append(scalar)
    }
  }

  // MARK: - Escapes

  /// White space as Unicode has it, apart from U+180E, which it was once.
  private static let space =
    #"\x09-\x0d\x20\x85\xa0\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"#
  private static let notSpace =
    #"\x00-\x08\x0e-\x1f\x21-\x84\x86-\x9f\xa1-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}"#
    + #"\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{10ffff}"#
  // Oniguruma takes the digits and fractions of Latin-1 for word characters, and no others.
  private static let word =
    #"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\xb2\xb3\xb9\xbc-\xbe"#
    + ["Alphabetic", "M", "Nd", "Pc"].map(UnicodeUpdate.additions).joined()
  /// Escapes that both read alike, in a class and outside.
  private static let common = Set("nrtfea".unicodeScalars)

  private mutating func escape(isInClass: Bool) throws {
    guard let scalar = next() else { throw Problem(construct: "\\ at the end") }
    func bracketed(_ text: String) -> String { isInClass ? text : "[\(text)]" }
    switch scalar {
    case "s": write(bracketed(Self.space))
    case "S": write(bracketed(Self.notSpace))
    case "v": write("\\x0b")
    case "h": write(bracketed("0-9a-fA-F"))
    case "w": write(bracketed(Self.word))
    case "D" where !isInClass: write("[^\\d\(UnicodeUpdate.additions(to: "Nd"))]")
    case "W" where !isInClass: write("[^\(Self.word)]")
    case "p", "P": try property(scalar, isInClass: isInClass)
    case "d": write(bracketed("\\d" + UnicodeUpdate.additions(to: "Nd")))
    case "x", "u": try code(scalar)
    case _ where Self.common.contains(scalar): write("\\\(scalar)")
    case "A", "z", "R", "X":
      guard !isInClass else { throw Problem(construct: "[\\\(scalar)]") }
      write("\\\(scalar)")
    default:
      if scalar.value < 0x80, scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
        throw Problem(construct: "\\\(scalar)")
      }
      write("\\\(scalar)")
    }
  }

  /// `\xHH`, `\x{H...}` and `\uHHHH`.
  private mutating func code(_ letter: Unicode.Scalar) throws {
    let start = index
    let isBraced = letter == "x" && accept("{")
    var digits = ""
    while let digit = peek, digits.unicodeScalars.count < (isBraced ? 6 : letter == "u" ? 4 : 2),
      digit.properties.isASCIIHexDigit
    {
      digits.unicodeScalars.append(digit)
      index += 1
    }
    guard let value = UInt32(digits, radix: 16), Unicode.Scalar(value) != nil, !isBraced || accept("}") else {
      throw Problem(construct: "\\\(letter)\(String(String.UnicodeScalarView(scalars[start...].prefix(4))))")
    }
    write("\\x{\(digits)}")
  }

  private static let categories = Set(
    names: [
      "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps",
      "Pe", "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "Alphabetic",
    ])
  private static let scripts = Set(
    names: [
      "Arabic", "Armenian", "Bengali", "Bopomofo", "Cyrillic", "Devanagari", "Georgian", "Greek", "Han",
      "Hangul", "Hebrew", "Hiragana", "Katakana", "Khmer", "Lao", "Latin", "Myanmar", "Tamil", "Thai",
      "Tibetan",
    ])

  private mutating func property(_ letter: Unicode.Scalar, isInClass: Bool) throws {
    guard accept("{"), let end = scalars[index...].firstIndex(of: "}") else {
      throw Problem(construct: "\\\(letter) without braces")
    }
    let isNegated = accept("^") != (letter == "P")
    let name = String(String.UnicodeScalarView(scalars[index..<end]))
    index = end + 1
    let additions = UnicodeUpdate.additions(to: name)
    // PCRE2 takes a bare name for the script extensions.
    let property = Self.categories.contains(name) ? name : "sc:\(name)"
    guard Self.categories.contains(name) || Self.scripts.contains(name),
      !isInClass || !isNegated || additions.isEmpty
    else { throw Problem(construct: "\\\(letter){\(name)}\(isInClass ? " inside a class" : "")") }
    if isInClass {
      write("\\\(isNegated ? "P" : "p"){\(property)}\(additions)")
    } else {
      write("[\(isNegated ? "^" : "")\\p{\(property)}\(additions)]")
    }
  }

  // MARK: - Classes and groups

  private mutating func characterClass() throws {
    result.append("[")
    if accept("^") { result.append("^") }
    var isFirst = true
    while let scalar = next() {
      switch scalar {
      case "]" where !isFirst:
        result.append("]")
        return
      case "[":
        // A POSIX class has ASCII letters in one library only, a nested one is none in the other.
        throw Problem(construct: "[ inside a class")
      case "&" where peek == "&": throw Problem(construct: "&& inside a class")
      case "\\": try escape(isInClass: true)
      case "]": write("\\]")
      default: result.append(scalar)
      }
      isFirst = false
    }
    throw Problem(construct: "a class without its end")
  }

  /// Groups that mean the same: captures, `(?:`, look-around, atomic ones and case.
  private mutating func group() throws {
    result.append("(")
    guard peek == "?" else {
      if peek == "*" { throw Problem(construct: "(*") }
      return
    }
    for kind in ["?:", "?=", "?!", "?<=", "?<!", "?>", "?i:", "?-i:"] where accept(kind) {
      write(kind)
      return
    }
    if accept("?i)") { return write("?i)") }
    // Ruby's m: the point matches line ends as well.
    if accept("?m:") { return write("?s:") }
    throw Problem(construct: "(" + String(String.UnicodeScalarView(scalars[index...].prefix(3))))
  }
}
