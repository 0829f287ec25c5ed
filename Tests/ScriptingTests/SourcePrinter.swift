import Scripting

/// A tree as text again, every operand in parentheses and without blanks, so that it also fits
/// where an option allows none. Parsing the result gives the same tree.
extension Script {
  var asSource: String { statements.map(\.asSource).joined(separator: "\n") }
}

extension Statement {
  var asSource: String {
    switch kind {
    case .binding(let name, let value): "let \(name.name) = \(value.asSource)"
    case .assignment(let target, let op, let value):
      "\(target.asTarget) \(op?.rawValue ?? "")= \(value.asOperand)"
    case .expression(let expression): "(\(expression.asSource))"
    case .command(let call): ([call.callee.name] + call.arguments.map(\.asSource)).joined(separator: " ")
    case .forLoop(let variables, let sequence, let body):
      "for \(variables.map(\.name).joined(separator: ", ")) in \(sequence.asSource) \(body.asSource)"
    case .conditional(let branches, let otherwise):
      branches.map { "if \($0.condition.asOperand) \($0.body.asSource)" }.joined(separator: " else ")
        + (otherwise.isEmpty ? "" : " else \(otherwise.asSource)")
    case .whileLoop(let condition, let body): "while \(condition.asOperand) \(body.asSource)"
    case .break: "break"
    case .continue: "continue"
    case .return(let value): "return" + (value.map { " " + $0.asOperand } ?? "")
    case .function(let function):
      "def \(function.name.name)(" + function.parameters.map(\.asSource).joined(separator: ", ")
        + ") \(function.body.asSource)"
    case .attempt(let body, let name, let handler):
      "try \(body.asSource) catch " + (name.map { $0.name + " " } ?? "") + handler.asSource
    case .scoped(let changes, let body):
      "with \(changes.map(\.asOperand).joined(separator: ", ")) \(body.asSource)"
    }
  }
}

extension FunctionSyntax.Parameter {
  var asSource: String { name.name + (standard.map { "=\($0.asOperand)" } ?? "") }
}

extension [Statement] {
  var asSource: String { "{\n" + map(\.asSource).joined(separator: "\n") + "\n}" }
}

extension Argument {
  var asSource: String {
    switch value.kind {
    case .raw(let text): text
    case .statement(let statement): statement.asSource
    default: (label.map { "\($0.name)=" } ?? "") + value.asOperand
    }
  }
}

extension Expression {
  var asOperand: String { "(\(asSource))" }

  var asSource: String {
    switch kind {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let parts): "\"" + parts.map(\.asSource).joined() + "\""
    case .list(let elements): "[" + elements.map(\.asOperand).joined(separator: ",") + "]"
    case .record(let fields):
      "{"
        + fields.map { "\(StringPart.text($0.name.name).quoted):\($0.value.asOperand)" }.joined(
          separator: ",")
        + "}"
    case .name(let name): name
    case .node(let node): node.asSource
    case .raw(let text): text
    case .statement(let statement): statement.asSource
    case .unary(let unary, let operand): "\(unary.rawValue)\(operand.asOperand)"
    case .binary(.matrixProduct, let left, let right): "(\(left.asOperand) @ \(right.asOperand))"
    case .binary(let binary, let left, let right): "\(left.asOperand)\(binary.rawValue)\(right.asOperand)"
    case .range(let lower, let upper, let includesUpper):
      "\(lower.asOperand)\(includesUpper ? ".." : "..<")\(upper.asOperand)"
    case .subscripted(let base, let subscripts):
      base.asOperand + "[" + subscripts.map(\.asSource).joined(separator: ",") + "]"
    case .member(let base, let name): "\(base.asOperand).\(name.name)"
    case .call(let call): call.callee.name + "(" + call.arguments.map(\.asSource).joined(separator: ",") + ")"
    case .choice(let value, let condition, let otherwise):
      "\(value.asOperand)if\(condition.asOperand)else\(otherwise.asOperand)"
    case .lambda(let function):
      "(" + function.parameters.map(\.name.name).joined(separator: ",") + ")=>"
        + (function.body.first?.expressions.first?.asOperand ?? "")
    case .comprehension(let comprehension):
      "[\(comprehension.element.asOperand)" + comprehension.clauses.map(\.asSource).joined() + "]"
    }
  }

  /// Without parentheses around the name.
  var asTarget: String {
    switch kind {
    case .subscripted(let base, let subscripts):
      base.asTarget + "[" + subscripts.map(\.asSource).joined(separator: ",") + "]"
    case .member(let base, let name): "\(base.asTarget).\(name.name)"
    default: asSource
    }
  }
}

extension Comprehension.Clause {
  var asSource: String {
    switch self {
    case .each(let variables, let sequence):
      " for \(variables.map(\.name).joined(separator: ",")) in\(sequence.asOperand)"
    case .condition(let condition): " if\(condition.asOperand)"
    }
  }
}

extension StringPart {
  var quoted: String { "\"\(asSource)\"" }

  var asSource: String {
    switch self {
    case .interpolation(let expression, let format):
      "{\(expression.asOperand)\(format.map { ":" + $0.span.text } ?? "")}"
    case .text(let text):
      text.unicodeScalars.map { scalar in
        switch scalar {
        case "\"", "\\", "{": "\\\(scalar)"
        case "\0"..<" ", "\u{7F}": "\\u{\(String(scalar.value, radix: 16))}"
        default: String(scalar)
        }
      }.joined()
    }
  }
}

extension Subscript {
  var asSource: String {
    switch self {
    case .all: ":"
    case .index(let expression): expression.asOperand
    }
  }
}

extension NodeSyntax {
  var asSource: String {
    let part = component.map { (layers == nil ? "" : ".") + $0.name } ?? ""
    return (layers.map { "L\($0.asSource)" } ?? "") + (heads.map { "H\($0.asSource)" } ?? "") + part
      + (neurons.map { "[\($0.asSource)]" } ?? "") + (positions.map { "@\($0.asSource)" } ?? "")
      + (reads.map { "<-\($0.asSource)" } ?? "")
  }
}

extension NodeSyntax.Selector {
  var asSource: String {
    switch kind {
    case .all: "*"
    case .numbers(let range): "\(range.lowerBound)-\(range.upperBound)"
    case .expressions(let expressions): "{" + expressions.map(\.asOperand).joined(separator: ",") + "}"
    }
  }
}
