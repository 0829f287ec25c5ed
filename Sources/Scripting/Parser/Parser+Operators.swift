import ExactText

/// One row of the table of operators.
struct OperatorLevel: Sendable {
  enum Form: Sendable, Equatable {
    case prefix, leftAssociative, rightAssociative
    /// `a < b < c` is refused; the word names what cannot be chained.
    case single(String)
  }

  let form: Form
  let spellings: [String]

  init(_ form: Form, _ spellings: String...) {
    self.form = form
    self.spellings = spellings
  }

  /// Loosest first. A call, a subscript and a member bind tighter than all of these; `=>` and `if else` looser.
  static let all: [OperatorLevel] = [
    OperatorLevel(.leftAssociative, "or"),
    OperatorLevel(.leftAssociative, "and"),
    OperatorLevel(.prefix, "not"),
    OperatorLevel(.single("comparison"), "==", "!=", "<", "<=", ">", ">=", "in", "not in"),
    OperatorLevel(.single("range"), "..", "..<"),
    OperatorLevel(.leftAssociative, "+", "-"),
    OperatorLevel(.leftAssociative, "*", "/", "%", "@"),
    OperatorLevel(.prefix, "-", "+"),
    OperatorLevel(.rightAssociative, "^"),
  ]

  /// An operator and its row, counted from the loosest.
  struct Entry: Sendable {
    let spelling: String
    let strength: Int
    let form: Form
  }

  static let prefixes = entries { $0 == .prefix }
  static let binaries = entries { $0 != .prefix }

  private static func entries(where isWanted: (Form) -> Bool) -> NameTable<Entry> {
    var entries: NameTable<Entry> = [:]
    for (strength, level) in all.enumerated() where isWanted(level.form) {
      for spelling in level.spellings {
        entries[spelling] = Entry(spelling: spelling, strength: strength, form: level.form)
      }
    }
    return entries
  }
}

extension Token.Kind {
  /// How the table of operators spells this token.
  var operatorSpelling: String? {
    switch self {
    case .symbol(let symbol): symbol.rawValue
    case .keyword(let keyword): keyword.rawValue
    default: nil
    }
  }
}

// MARK: The loop
extension Parser {
  /// An expression whose operators outside brackets bind at least as tightly as row `minimum`.
  mutating func operation(_ minimum: Int = 0) throws -> Expression {
    let start = try peek().range.lowerBound
    var left = try prefixed(minimum)
    while let entry = try binaryOperator(minimum) {
      let token = try take()
      if entry.spelling == BinaryOperator.notIn.rawValue { try take() }
      try rejectForeignOperator(token, behind: left)
      try skipNewlines()
      let right = try rightOperand(of: entry, token)
      left = try node(combined(entry, left, right), from: start)
      if case .single(let what) = entry.form { try rejectChain(of: what, entry) }
    }
    return left
  }

  private mutating func prefixed(_ minimum: Int) throws -> Expression {
    let token = try peek()
    guard let spelling = token.kind.operatorSpelling, let entry = OperatorLevel.prefixes[spelling],
      let unary = UnaryOperator(rawValue: spelling)
    else { return try operand() }
    // `2 ^ -1` is clear; `1 == not x` is not.
    if unary == .not, entry.strength < minimum {
      throw try unexpected("an operand", notes: ["put `not` and what it negates in parentheses"])
    }
    try take()
    let value = try nested(in: token) { try $0.operation(entry.strength) }
    return try node(.unary(unary, value), from: token.range.lowerBound)
  }

  private mutating func rightOperand(of entry: OperatorLevel.Entry, _ token: Token) throws -> Expression {
    guard entry.form == .rightAssociative else { return try operation(entry.strength + 1) }
    return try nested(in: token) { try $0.operation(entry.strength) }
  }

  /// The binary operator that comes next, if its row is not below `minimum`.
  private mutating func binaryOperator(_ minimum: Int) throws -> OperatorLevel.Entry? {
    let token = try peek()
    guard let spelling = try binarySpelling(of: token), let entry = OperatorLevel.binaries[spelling],
      entry.strength >= minimum, try joins(token)
    else { return nil }
    return entry
  }

  /// `not` is one where `in` follows, `@` where blanks stand on both sides: else it belongs to a node.
  func binarySpelling(of token: Token) throws -> String? {
    switch token.kind {
    case .keyword where isOptionKey(token): return nil
    case .keyword(.not):
      let next = try scanner.token(at: token.range.upperBound)
      return next.kind == .keyword(.in) ? BinaryOperator.notIn.rawValue : nil
    case .symbol(.at):
      let isDetached = token.range.lowerBound > position && scanner.isGap(token.range.upperBound)
      return isDetached ? Symbol.at.rawValue : nil
    default: return token.kind.operatorSpelling
    }
  }

  /// In the arguments of a command `a - b` and `a-b` subtract, and `a -b` are two arguments.
  private func joins(_ token: Token) throws -> Bool {
    guard context.isCommandArgument, case .symbol(let symbol) = token.kind, !isDoubled(token) else {
      return true
    }
    let isDetached = token.range.lowerBound > position
    let end = token.range.upperBound
    if isDetached == scanner.isGap(end) || scanner.endsLine(end) { return true }
    if isDetached, symbol == .minus || symbol == .plus { return false }
    throw SyntaxFault.unevenBlanks(symbol.rawValue).at(span(token))
  }

  private mutating func rejectChain(of what: String, _ entry: OperatorLevel.Entry) throws {
    guard let next = try binaryOperator(entry.strength), next.strength == entry.strength else { return }
    throw SyntaxFault.chainedOperators(next.spelling, what: what).at(span(try peek()))
  }

  private func combined(
    _ entry: OperatorLevel.Entry, _ left: Expression, _ right: Expression
  ) -> Expression.Kind {
    switch entry.spelling {
    case Symbol.range.rawValue: return .range(left, right, includesUpper: true)
    case Symbol.openRange.rawValue: return .range(left, right, includesUpper: false)
    default:
      guard let binary = BinaryOperator(rawValue: entry.spelling) else {
        preconditionFailure("`\(entry.spelling)` stands in the table of operators only")
      }
      return .binary(binary, left, right)
    }
  }
}
