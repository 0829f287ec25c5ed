import Language
import Results
import Scripting
import Transformers

/// Residual edges among the arguments of a verb.
struct EdgeArguments {
  /// nil when the arguments are no edges.
  let edges: EdgeSet?

  /// - Throws: ``CircuitFault`` for an edge that the model does not have, or nodes among edges.
  init(_ arguments: [Arguments.Bound], _ model: LoadedModel) throws {
    guard arguments.contains(where: { Self.areEdges($0.value) }) else {
      edges = nil
      return
    }
    let space = try EdgeSpace(model.configuration)
    edges = EdgeSet(
      try arguments.flatMap { argument in
        guard Self.areEdges(argument.value) else { throw CircuitFault.mixedEdges.located(argument.span) }
        return try Self.names(argument.value).map { name in
          guard let edge = ResidualEdge(name: name), space.numbers(of: edge) != nil else {
            throw CircuitFault.unknownEdge(name).located(argument.span)
          }
          return edge
        }
      }, in: space)
  }

  /// Whether a value is the name of an edge, or a list that begins with one: nodes' names have no arrow.
  static func areEdges(_ value: Value) -> Bool { names(value).first?.contains("->") ?? false }

  private static func names(_ value: Value) -> [String] {
    switch value {
    case .string(let name): [name]
    case .list(let elements): elements.flatMap(names)
    default: []
    }
  }
}
