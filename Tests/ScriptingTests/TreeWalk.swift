import Scripting

/// Every expression of a tree with the span of what directly holds it.
struct TreeWalk {
  private(set) var expressions: [(expression: Expression, holder: Span)] = []

  init(_ script: Script) {
    let whole = Span(script.source, 0..<script.source.utf8.count)
    script.statements.forEach { visit($0, in: whole) }
  }

  private(set) var statements: [(statement: Statement, holder: Span)] = []

  private mutating func visit(_ statement: Statement, in holder: Span) {
    statements.append((statement, holder))
    let span = statement.span
    switch statement.kind {
    case .binding(_, let value), .expression(let value): visit(value, in: span)
    case .assignment(let target, _, let value):
      visit(target, in: span)
      visit(value, in: span)
    case .command(let call): call.arguments.forEach { visit($0.value, in: span) }
    case .forLoop(_, let sequence, let body):
      visit(sequence, in: span)
      body.forEach { visit($0, in: span) }
    case .conditional(let branches, let otherwise):
      for branch in branches {
        visit(branch.condition, in: span)
        branch.body.forEach { visit($0, in: span) }
      }
      otherwise.forEach { visit($0, in: span) }
    case .whileLoop(let condition, let body):
      visit(condition, in: span)
      body.forEach { visit($0, in: span) }
    case .break, .continue: break
    case .return(let value): value.map { visit($0, in: span) }
    case .function(let function):
      function.parameters.compactMap(\.standard).forEach { visit($0, in: span) }
      function.body.forEach { visit($0, in: span) }
    case .attempt(let body, _, let handler): (body + handler).forEach { visit($0, in: span) }
    case .scoped(let changes, let body):
      changes.forEach { visit($0, in: span) }
      body.forEach { visit($0, in: span) }
    }
  }

  private mutating func visit(_ expression: Expression, in holder: Span) {
    expressions.append((expression, holder))
    let span = expression.span
    switch expression.kind {
    case .null, .bool, .number, .name, .raw: break
    case .statement(let statement): visit(statement, in: span)
    case .string(let parts):
      for case .interpolation(let part, _) in parts { visit(part, in: span) }
    case .list(let elements): elements.forEach { visit($0, in: span) }
    case .record(let fields): fields.forEach { visit($0.value, in: span) }
    case .node(let node):
      for case .expressions(let parts)? in [
        node.layers, node.heads, node.neurons, node.positions, node.reads,
      ].map({
        $0?.kind
      }) {
        parts.forEach { visit($0, in: span) }
      }
    case .unary(_, let operand): visit(operand, in: span)
    case .binary(_, let left, let right), .range(let left, let right, _):
      visit(left, in: span)
      visit(right, in: span)
    case .subscripted(let base, let subscripts):
      visit(base, in: span)
      for case .index(let index) in subscripts { visit(index, in: span) }
    case .member(let base, _): visit(base, in: span)
    case .call(let call): call.arguments.forEach { visit($0.value, in: span) }
    case .choice(let value, let condition, let otherwise):
      for part in [value, condition, otherwise] { visit(part, in: span) }
    case .lambda(let function): function.body.forEach { visit($0, in: span) }
    case .comprehension(let comprehension):
      comprehension.clauses.forEach { visit($0.expression, in: span) }
      visit(comprehension.element, in: span)
    }
  }
}
