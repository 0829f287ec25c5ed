import Scripting

/// The tree in a compact S-expression form: `let x (+ 1 2)` is `(let x (+ 1 2))`.
extension Script {
  var printed: String { statements.map(\.printed).joined(separator: "\n") }
}

extension Statement {
  var printed: String {
    switch kind {
    case .binding(let name, let value): "(let \(name.name) \(value.printed))"
    case .assignment(let target, let op, let value):
      "(= \(op.map { $0.rawValue + " " } ?? "")\(target.printed) \(value.printed))"
    case .command(let call): "(! \(call.printed))"
    case .expression(let expression): expression.printed
    case .forLoop(let variables, let sequence, let body):
      "(for \(variables.map(\.name).joined(separator: ",")) \(sequence.printed) \(body.printed))"
    case .conditional(let branches, let otherwise):
      "(if" + branches.map { " \($0.condition.printed) \($0.body.printed)" }.joined()
        + (otherwise.isEmpty ? "" : " else \(otherwise.printed)") + ")"
    case .whileLoop(let condition, let body): "(while \(condition.printed) \(body.printed))"
    case .break: "(break)"
    case .continue: "(continue)"
    case .return(let value): "(return" + (value.map { " " + $0.printed } ?? "") + ")"
    case .function(let function):
      "(def " + ([function.name.name] + function.parameters.map(\.printed)).joined(separator: " ")
        + " \(function.body.printed))"
    case .attempt(let body, let name, let handler):
      "(try \(body.printed) catch" + (name.map { " " + $0.name } ?? "") + " \(handler.printed))"
    case .scoped(let changes, let body):
      "(with \(changes.map(\.printed).joined(separator: " ")) \(body.printed))"
    }
  }
}

extension FunctionSyntax.Parameter {
  var printed: String { name.name + (standard.map { "=\($0.printed)" } ?? "") }
}

extension [Statement] {
  var printed: String { "{" + map(\.printed).joined(separator: "; ") + "}" }
}

extension Call {
  var printed: String {
    ([callee.name]
      + arguments.map { argument in
        (argument.label.map { "\($0.name)=" } ?? "") + argument.value.printed
      }).joined(separator: " ")
  }
}

extension Expression {
  var printed: String {
    switch kind {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let value): value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    case .string(let parts): "\"" + parts.map(\.printed).joined() + "\""
    case .list(let elements): "[" + elements.map(\.printed).joined(separator: " ") + "]"
    case .record(let fields):
      "{" + fields.map { "\($0.name.name): \($0.value.printed)" }.joined(separator: ", ") + "}"
    case .name(let name): name
    case .node(let node): node.printed
    case .raw(let text): "<\(text)>"
    case .unary(let unary, let operand): "(\(unary.rawValue) \(operand.printed))"
    case .binary(let binary, let left, let right): "(\(binary.rawValue) \(left.printed) \(right.printed))"
    case .range(let lower, let upper, let includesUpper):
      "(\(includesUpper ? ".." : "..<") \(lower.printed) \(upper.printed))"
    case .subscripted(let base, let subscripts):
      "(at \(base.printed) " + subscripts.map(\.printed).joined(separator: " ") + ")"
    case .member(let base, let name): "(. \(base.printed) \(name.name))"
    case .call(let call): "(\(call.printed))"
    case .choice(let value, let condition, let otherwise):
      "(? \(condition.printed) \(value.printed) \(otherwise.printed))"
    case .lambda(let function):
      "(=> (" + function.parameters.map(\.name.name).joined(separator: " ") + ") \(function.body.printed))"
    case .comprehension(let comprehension):
      "[\(comprehension.element.printed)" + comprehension.clauses.map(\.printed).joined() + "]"
    case .statement(let statement): statement.printed
    }
  }
}

extension Comprehension.Clause {
  var printed: String {
    switch self {
    case .each(let variables, let sequence):
      " for \(variables.map(\.name).joined(separator: ",")) \(sequence.printed)"
    case .condition(let condition): " if \(condition.printed)"
    }
  }
}

extension StringPart {
  var printed: String {
    switch self {
    case .text(let text): text.debugDescription.dropFirst().dropLast().description
    case .interpolation(let expression, let format):
      "{\(expression.printed)\(format.map { ":" + $0.span.text } ?? "")}"
    }
  }
}

extension Subscript {
  var printed: String {
    switch self {
    case .all: ":"
    case .index(let expression): expression.printed
    }
  }
}

extension NodeSyntax {
  var printed: String {
    let parts = [
      layers.map { "L\($0.printed)" }, heads.map { "H\($0.printed)" }, component.map { ".\($0.name)" },
      neurons.map { "#\($0.printed)" }, positions.map { "@\($0.printed)" },
      reads.map { "<-\($0.printed)" },
    ]
    return "<" + parts.compactMap { $0 }.joined(separator: " ") + ">"
  }
}

extension NodeSyntax.Selector {
  var printed: String {
    switch kind {
    case .all: "*"
    case .numbers(let range):
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    case .expressions(let expressions): "{" + expressions.map(\.printed).joined(separator: " ") + "}"
    }
  }
}
