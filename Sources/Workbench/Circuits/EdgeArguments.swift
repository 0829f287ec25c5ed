import ExactText
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
        try Self.names(argument).flatMap { name in
          guard let edges = space.edges(named: name), !edges.isEmpty else {
            throw CircuitFault.unknownEdge(name, example: space.example.name).located(argument.span)
          }
          return edges
        }
      }, in: space)
  }

  /// Whether a value is the name of edges, or a list with one among its elements: nodes' names have no arrow.
  static func areEdges(_ value: Value) -> Bool {
    switch value {
    case .string(let name): name.contains("->")
    case .list(let elements): elements.contains(where: areEdges)
    default: false
    }
  }

  /// - Throws: ``CircuitFault/mixedEdges`` for what is no name of edges.
  private static func names(_ argument: Arguments.Bound) throws -> [String] {
    func names(_ value: Value) throws -> [String] {
      switch value {
      case .string(let name) where name.contains("->"): return [name]
      case .list(let elements): return try elements.flatMap(names)
      default: throw CircuitFault.mixedEdges.located(argument.span)
      }
    }
    return try names(argument.value)
  }
}

extension EdgeSpace {
  /// An edge that the model has.
  var example: ResidualEdge {
    ResidualEdge(
      .head(layer: 0, head: heads - 1), layers > 1 ? .query(layer: layers - 1, head: heads - 1) : .output)
  }
}
