import ExactText
import Language
import Results
import Scripting
import Transformers

extension Parameter.Kind {
  /// A node, node set or tensor, in any accepted notation.
  static let node = Parameter.Kind.custom(NodeArgument())
  /// Nodes only: a node set, a list of them, or `embed`.
  static let nodes = Parameter.Kind.custom(NodesArgument())
  /// The same, or residual edges by their names: strings and lists of them.
  static let nodesOrEdges = Parameter.Kind.custom(NodesOrEdgesArgument())
  /// A word and the nodes behind it, as text.
  static let pathText = Parameter.Kind.custom(PathTextArgument())
  /// A node, a tensor, a sweep, or another result that is drawn.
  static let drawable = Parameter.Kind.custom(DrawableArgument())
}

/// Strings are names of nodes.
protocol NodeNaming: ArgumentKind {}

private struct NodeArgument: NodeNaming {
  func value(of expression: Expression, in session: any CommandContext) throws -> Value {
    try Bench(session).nodeOrTensor(expression)
  }
}

private struct NodesArgument: NodeNaming {
  func value(of expression: Expression, in session: any CommandContext) throws -> Value {
    try Bench(session).nodes(expression)
  }
}

private struct NodesOrEdgesArgument: NodeNaming {
  func value(of expression: Expression, in session: any CommandContext) throws -> Value {
    if case .string = expression.kind { return try edges(session.evaluate(expression), expression, session) }
    if case .list = expression.kind { return try edges(session.evaluate(expression), expression, session) }
    return try Bench(session).nodes(expression)
  }

  private func edges(
    _ value: Value, _ expression: Expression, _ session: any CommandContext
  ) throws -> Value {
    EdgeArguments.areEdges(value) ? value : try Bench(session).nodes(expression)
  }
}

struct PathTextArgument: NodeNaming {
  let takesText = true

  func value(of expression: Expression, in session: any CommandContext) throws -> Value {
    let value = try session.evaluate(expression)
    guard case .string? = value.asUnknown.map(\.standIn) ?? value else {
      throw ValueFault.wrongType(expected: "a string", found: value.typeName, what: "`pattern`").located(
        expression.span)
    }
    return value
  }
}

private struct DrawableArgument: NodeNaming {
  func value(of expression: Expression, in session: any CommandContext) throws -> Value {
    if let heads = Self.heads(expression) { return try Bench(session).nodeValue(heads, at: expression.span) }
    if let heads = Bench(session).heads(ofPattern: expression.span.text) { return .object(heads) }
    return try Bench(session).nodeOrTensor(expression) { $0 is SweepResult || $0 is DrawnResult }
  }

  /// `L3.pattern`, also of several layers, as the heads whose attention it is; nil of another expression.
  private static func heads(_ expression: Expression) -> NodeSyntax? {
    guard case .node(let syntax) = expression.kind, let component = syntax.component,
      component.name == Site.Kind.pattern.rawValue, syntax.heads == nil, syntax.positions == nil
    else { return nil }
    return NodeSyntax(
      layers: syntax.layers, heads: .init(.all, component.span), component: nil, neurons: nil, positions: nil)
  }
}
