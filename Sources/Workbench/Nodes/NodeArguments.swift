import Language
import Results
import Scripting

extension Parameter.Kind {
  /// A node, node set or tensor, in any accepted notation.
  static let node = Parameter.Kind.custom(NodeArgument())
  /// Nodes only: a node set, a list of them, or `embed`.
  static let nodes = Parameter.Kind.custom(NodesArgument())
  /// A node, a tensor or a sweep.
  static let drawable = Parameter.Kind.custom(DrawableArgument())
}

private struct NodeArgument: ArgumentKind {
  func value(of expression: Expression, in session: any CommandContext) throws -> Value {
    try Bench(session).nodeOrTensor(expression)
  }
}

private struct NodesArgument: ArgumentKind {
  func value(of expression: Expression, in session: any CommandContext) throws -> Value {
    try Bench(session).nodes(expression)
  }
}

private struct DrawableArgument: ArgumentKind {
  func value(of expression: Expression, in session: any CommandContext) throws -> Value {
    try Bench(session).nodeOrTensor(expression) { $0 is SweepResult }
  }
}
