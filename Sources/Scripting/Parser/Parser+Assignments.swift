import ExactText

/// `x[0] = 5`, `r.field = 1`, `n += 1`
extension Parser {
  private static func operation(of symbol: Symbol) -> (isAssignment: Bool, op: BinaryOperator?) {
    switch symbol {
    case .assign: (true, nil)
    case .addAssign: (true, .add)
    case .subtractAssign: (true, .subtract)
    case .multiplyAssign: (true, .multiply)
    case .divideAssign: (true, .divide)
    default: (false, nil)
    }
  }

  /// Takes an assignment to `target`, which was read; nil when something else comes.
  mutating func assignment(to target: Expression, from start: Int) throws -> Statement? {
    let sign = try peek()
    guard case .symbol(let symbol) = sign.kind else { return nil }
    let (isAssignment, op) = Self.operation(of: symbol)
    guard isAssignment else { return nil }
    guard let variable = target.assignedVariable else { throw SyntaxFault.notAssignable.at(target.span) }
    if case .name = target.kind, op == nil {
      throw SyntaxFault.assignmentWithoutLet(variable.name.clipped).at(span(sign))
    }
    try take()
    try skipNewlines()
    let value = try expression()
    return Statement(.assignment(target: target, op, value: value), span(from: start))
  }

  /// Whether `+=` or its like stands behind a name, which may be that of a command.
  func isChanged(_ name: Identifier) -> Bool {
    let start = scanner.skippingBlanks(name.span.range.upperBound)
    guard let token = try? scanner.token(at: start), case .symbol(let symbol) = token.kind else {
      return false
    }
    return Self.operation(of: symbol).op != nil
  }
}

extension Expression {
  /// The variable of which an assignment to the expression changes a part; nil where it would change none.
  public var assignedVariable: Identifier? {
    switch kind {
    case .name(let name): Identifier(name, span)
    case .subscripted(let base, _), .member(let base, _): base.assignedVariable
    default: nil
    }
  }
}
