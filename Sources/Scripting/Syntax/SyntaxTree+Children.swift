extension Expression.Kind {
  /// Levels of expressions below and including an expression of this kind.
  var height: Int { 1 + (children.map(\.height).max() ?? 0) }

  /// The expressions directly in it.
  public var children: [Expression] {
    switch self {
    case .null, .bool, .number, .name, .raw: []
    case .statement(let statement): statement.expressions
    case .string(let parts): parts.compactMap(\.expression)
    case .list(let elements): elements
    case .record(let fields): fields.map(\.value)
    case .node(let node): node.expressions
    case .unary(_, let operand): [operand]
    case .binary(_, let left, let right), .range(let left, let right, _): [left, right]
    case .subscripted(let base, let subscripts): [base] + subscripts.compactMap(\.expression)
    case .member(let base, _): [base]
    case .call(let call): call.arguments.map(\.value)
    case .choice(let value, let condition, let otherwise): [condition, value, otherwise]
    case .lambda(let function): function.body.flatMap(\.expressions)
    case .comprehension(let comprehension):
      comprehension.clauses.map(\.expression) + [comprehension.element]
    }
  }
}

extension StringPart {
  fileprivate var expression: Expression? {
    if case .interpolation(let expression, _) = self { expression } else { nil }
  }
}

extension Subscript {
  fileprivate var expression: Expression? {
    if case .index(let expression) = self { expression } else { nil }
  }
}

extension NodeSyntax {
  fileprivate var expressions: [Expression] {
    [layers, heads, neurons, positions, reads].flatMap { selector -> [Expression] in
      if case .expressions(let expressions)? = selector?.kind { expressions } else { [] }
    }
  }
}

extension Statement {
  /// The expressions directly in a statement; those of its blocks have a limit of their own.
  public var expressions: [Expression] {
    switch kind {
    case .binding(_, let value), .expression(let value): [value]
    case .assignment(let target, _, let value): [target, value]
    case .command(let call): call.arguments.map(\.value)
    case .forLoop(_, let sequence, _): [sequence]
    case .conditional(let branches, _): branches.map(\.condition)
    case .scoped(let changes, _): changes
    case .whileLoop(let condition, _): [condition]
    case .function(let function): function.parameters.compactMap(\.standard)
    case .return(let value): value.map { [$0] } ?? []
    case .break, .continue, .attempt: []
    }
  }

  /// The statements directly in its blocks.
  public var blocks: [Statement] {
    switch kind {
    case .forLoop(_, _, let body), .whileLoop(_, let body), .scoped(_, let body): body
    case .conditional(let branches, let otherwise): branches.flatMap(\.body) + otherwise
    case .function(let function): function.body
    case .attempt(let body, _, let handler): body + handler
    case .binding, .assignment, .command, .expression, .break, .continue, .return: []
    }
  }
}
