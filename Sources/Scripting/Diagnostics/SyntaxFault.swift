import ExactText

/// What can be wrong with a text, as facts; the sentences are written here and nowhere else.
enum SyntaxFault {
  // Characters and literals
  case invalidCharacter(Unicode.Scalar)
  case unterminatedString(inInterpolation: Bool)
  case unknownEscape(String)
  case invalidScalarEscape
  /// With what may have been meant.
  case malformedNumber(String, remedy: String? = nil)
  case numberTooLarge
  case nameTooLong(limit: Int)

  // Structure
  case expected(String, found: String)
  /// The text ends where more is needed; a further line could supply it.
  case unexpectedEnd(expected: String)
  case neverClosed(String)
  case unmatched(String)
  case nestedTooDeeply(limit: Int)
  case tooManyOperators(limit: Int)
  case chainedOperators(String, what: String)
  case misplacedStatement(Keyword, outside: String)
  case nestedFunction
  case duplicateParameter(String)
  case duplicateVariable(String)
  case parameterOrder(String)
  case shadowsCommand(String)
  case elseWithoutIf
  case catchWithoutTry
  case reservedWord(String)
  case nodeAsName(String)
  case assignmentWithoutLet(String)
  case notAssignable
  case duplicateKey(String)
  case notCallable
  /// What another language writes otherwise.
  case foreign(String, here: String)
  case badFormat(String, reason: String)

  // Commands
  case unknownCommand(String, closest: String?)
  case functionAsCommand(String)
  case missingSeparator(after: String)
  case unevenBlanks(String)
  case blanksAroundEquals(option: String)
  case unquotedPath(line: String)

  // Nodes
  case missingSelector(what: String, after: String)
  case backwardRange(what: String, String)
  case selectorTooLarge(what: String)
  case runsOn(node: String, with: String)

  // Expectations
  case misplacedExpectation(isInside: Bool)

  func at(_ span: Span, notes: [String] = []) -> Diagnostic {
    Diagnostic(code: code, message, at: span, notes: remedies + notes)
  }
}

// MARK: Codes
extension SyntaxFault {
  /// The codes of a text that a further line may complete.
  static let incompleteCodes: Set<Name> = ["unexpected-end", "unclosed-bracket"]

  private var code: String {
    switch self {
    case .invalidCharacter: "invalid-character"
    case .unterminatedString: "unterminated-string"
    case .unknownEscape, .invalidScalarEscape: "invalid-escape"
    case .malformedNumber, .numberTooLarge: "invalid-number"
    case .expected, .unmatched, .elseWithoutIf, .catchWithoutTry: "unexpected-token"
    case .unexpectedEnd: "unexpected-end"
    case .neverClosed: "unclosed-bracket"
    case .nestedTooDeeply, .tooManyOperators: "nested-too-deeply"
    case .chainedOperators: "chained-operators"
    case .misplacedStatement: "misplaced-statement"
    case .nestedFunction: "nested-function"
    case .duplicateParameter, .duplicateVariable: "duplicate-parameter"
    case .parameterOrder: "parameter-order"
    case .shadowsCommand: "shadows-command"
    case .reservedWord, .nodeAsName, .nameTooLong: "invalid-name"
    case .assignmentWithoutLet: "assignment-without-let"
    case .notAssignable: "not-assignable"
    case .duplicateKey: "duplicate-key"
    case .notCallable: "not-callable"
    case .foreign: "foreign-syntax"
    case .badFormat: "invalid-format"
    case .unknownCommand: "unknown-command"
    case .functionAsCommand: "function-as-command"
    case .missingSeparator, .unevenBlanks, .blanksAroundEquals: "ambiguous-blanks"
    case .unquotedPath: "unquoted-path"
    case .missingSelector, .backwardRange, .selectorTooLarge, .runsOn: "invalid-node"
    case .misplacedExpectation: "misplaced-expectation"
    }
  }
}

// MARK: Sentences
extension SyntaxFault {
  private var message: String {
    switch self {
    case .invalidCharacter(let scalar): "unexpected character \(scalar.described)"
    case .unterminatedString: "this string is not closed on its line"
    case .unknownEscape(let text): "unknown escape `\(text)` in a string"
    case .invalidScalarEscape: "`\\u{...}` needs 1 to 6 hexadecimal digits of a Unicode scalar"
    case .malformedNumber(let reason, _): "malformed number: \(reason)"
    case .numberTooLarge: "this number is too large (the largest is about 1.8e308)"
    case .nameTooLong(let limit): "this name is longer than \(limit) bytes"
    case .expected(let what, let found): "expected \(what), found \(found)"
    case .unexpectedEnd(let what): "expected \(what), found the end of the text"
    case .neverClosed(let bracket): "`\(bracket)` is never closed"
    case .unmatched(let bracket): "`\(bracket)` closes nothing"
    case .nestedTooDeeply(let limit): "nested more than \(limit) levels deep"
    case .tooManyOperators(let limit): "more than \(limit) operators in a row in one expression"
    case .chainedOperators(let spelling, let what): "`\(spelling)` cannot follow another \(what)"
    case .misplacedStatement(let keyword, let place): "`\(keyword.rawValue)` stands outside of a \(place)"
    case .nestedFunction: "a function cannot be defined inside another"
    case .duplicateParameter(let name): "the function has a second parameter `\(name)`"
    case .duplicateVariable(let name): "the loop has a second variable `\(name)`"
    case .parameterOrder(let name): "`\(name)` has no default but follows a parameter that has one"
    case .shadowsCommand(let name): "`\(name)` is a command or function of the shell"
    case .elseWithoutIf: "this `else` belongs to no `if`"
    case .catchWithoutTry: "this `catch` belongs to no `try`"
    case .reservedWord(let word): "`\(word)` is a reserved word and cannot be a name"
    case .nodeAsName(let name): "`\(name)` reads as a node and cannot be a name"
    case .assignmentWithoutLet(let name): "`\(name) = ...` needs `let`"
    case .notAssignable: "only an element or a field of a variable can be assigned to"
    case .duplicateKey(let key): "the record has a second `\(key)`"
    case .notCallable: "only a name can be called"
    case .foreign(let found, let here): "`\(found)` is written `\(here)`"
    case .badFormat(let format, let reason): "`\(format)` is no format: \(reason)"
    case .unknownCommand(let name, _): "unknown command `\(name)`"
    case .functionAsCommand(let name): "`\(name)` is a function, not a command"
    case .missingSeparator(let what): "expected a blank after \(what)"
    case .unevenBlanks(let spelling): "`\(spelling)` has a blank on one side only"
    case .blanksAroundEquals(let option): "the option `\(option)=` takes its value without blanks"
    case .unquotedPath(let line): "in a call a path stands in quotes: write `\(line)`"
    case .missingSelector(let what, let after): "expected a \(what) after `\(after)`"
    case .backwardRange(let what, let text): "the \(what) range \(text) runs backwards"
    case .selectorTooLarge(let what): "this \(what) number is too large"
    case .runsOn(let node, let text): "unexpected `\(text)` directly after `\(node)`"
    case .misplacedExpectation(isInside: true): "this expectation stands inside a statement"
    case .misplacedExpectation(isInside: false): "this expectation belongs to no command"
    }
  }

  /// What to do about it, where that is known.
  private var remedies: [String] {
    switch self {
    case .invalidCharacter(let scalar): scalar.remedy.map { [$0] } ?? []
    case .malformedNumber(_, let remedy?): [remedy]
    case .unterminatedString(inInterpolation: false): ["a line end inside a string is written `\\n`"]
    case .unterminatedString(inInterpolation: true):
      ["`{` begins an interpolation; a brace as such is written `\\{`"]
    case .elseWithoutIf: ["`else` follows the `}` of an `if` directly: `} else {`"]
    case .catchWithoutTry: ["`catch` follows the `}` of a `try`: `try { ... } catch error { ... }`"]
    case .nestedFunction: ["define it at the top level; functions see each other there"]
    case .parameterOrder(let name): ["give `\(name)` a default or move it to the front"]
    case .shadowsCommand(let name): ["choose another name, e.g. `my_\(name.replacingHyphens)`"]
    case .functionAsCommand(let name): ["write `\(name)(...)`"]
    case .unknownEscape: [#"escapes are \" \\ \n \r \t \0 \{ \u{...}; r"..." takes everything verbatim"#]
    case .chainedOperators(_, "comparison"): ["join comparisons with `and`: `a < b and b < c`"]
    case .assignmentWithoutLet(let name): ["write `let \(name) = ...`"]
    case .notAssignable:
      ["write `x[0] = 5` or `r.field = 5` for a variable that is there, `let x = 5` for a new one"]
    case .badFormat:
      [
        "formats are those of Python: {x:.2f} {x:.3g} {x:e} {n:5d} {n:,d} {p:.1%} {s:<8} {s:>8} {s:^8} {x:+08.3f}"
      ]
    case .unknownCommand(_, let closest?): ["did you mean `\(closest)`?"]
    case .unevenBlanks(let spelling):
      ["in the arguments of a command write `a \(spelling) b` or `a\(spelling)b`, or use parentheses"]
    case .blanksAroundEquals(let option): ["write `\(option)=value`"]
    case .missingSelector(let what, let after):
      ["write a number `\(after)3`, a range `\(after)0-5`, every \(what) `\(after)*` or `\(after){...}`"]
    case .misplacedExpectation(isInside: true):
      ["put it directly below the statement's last line; what its commands show comes in order"]
    case .misplacedExpectation(isInside: false):
      [
        "it stands directly below its command: no empty line and no comment between; other comments begin with `#`"
      ]
    default: []
    }
  }
}

extension String {
  fileprivate var replacingHyphens: String { String(map { $0 == "-" ? "_" : $0 }) }
}

extension Unicode.Scalar {
  /// `` `'` (U+0027) ``; for what cannot be seen `U+00A0 NO-BREAK SPACE`.
  fileprivate var described: String {
    let code = String(value, radix: 16, uppercase: true)
    let point = "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
    if properties.isWhitespace || properties.generalCategory.isInvisible {
      return point + (properties.name.map { " \($0)" } ?? "")
    }
    return "`\(self)` (\(point))"
  }

  /// Habits of other languages and of word processors.
  fileprivate var remedy: String? {
    switch self {
    case "'", "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}", "`": "strings stand in double quotes: \"...\""
    case "&": "write `and`"
    case "|": "write `or`"
    case "!": "write `not`, or `!=` for unequal"
    case "\u{2212}", "\u{2013}", "\u{2014}": "write the ASCII hyphen `-`"
    case "\u{A0}", "\u{3000}", "\u{2007}", "\u{202F}": "write an ordinary blank"
    case "$": "variables have no sign in front: write `name`"
    default: nil
    }
  }
}

extension Unicode.GeneralCategory {
  fileprivate var isInvisible: Bool {
    switch self {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
      .spaceSeparator, .nonspacingMark, .enclosingMark:
      true
    default: false
    }
  }
}
