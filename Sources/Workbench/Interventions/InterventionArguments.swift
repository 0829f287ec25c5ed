import Attribution
import Transformers
import ExactText
import Language
import Measurement
import Results
import Scripting

/// What the verbs of this group have in common: nodes, and where replacements come from.
struct InterventionArguments {
  let arguments: Arguments
  let verb: any Command
  let model: LoadedModel
  let bench: Bench

  init(_ arguments: Arguments, _ verb: any Command, _ bench: Bench) throws {
    (self.arguments, self.verb, self.bench) = (arguments, verb, bench)
    model = try bench.requireModel()
  }

  /// The nodes of all arguments, each once; at least one.
  func nodes() throws -> [Node] {
    guard !arguments.all("nodes").isEmpty else {
      throw CallFault.missingArgument("nodes", synopsis: verb.synopsis)
    }
    var seen: Set<Node> = []
    let all = try arguments.all("nodes").flatMap { try nodes($0.value, at: $0.span) }
      .filter { seen.insert($0).inserted }
    guard !all.isEmpty else { throw InterventionFault.noNodes.located(arguments.span(of: "nodes")) }
    return all
  }

  private func nodes(_ value: Value, at span: Span) throws -> [Node] {
    switch value {
    case .object(let object):
      if object is AttentionEdgeSet { throw NodeFault.edgesNotTaken(verb: verb.name).located(span) }
      guard let set = object as? NodeSet else { break }
      // A node that was kept in a variable may be another model's.
      let bounds = PlaceBounds(model.configuration)
      for node in set.nodes where !bounds.contains(node) {
        throw NodeFault.staleNode(node.name).located(span)
      }
      return set.nodes
    case .list(let elements): return try elements.flatMap { try nodes($0, at: span) }
    default: break
    }
    throw InterventionFault.notNodes(value.typeName).located(span)
  }

  /// The nodes as they were typed, or their names where what was typed does not tell.
  var target: String {
    arguments.all("nodes").map { argument in
      let isLiteral = if case .node = argument.expression.kind { true } else { false }
      let typed = argument.span.text
      if isLiteral, !typed.contains("{") { return typed }
      return names(argument.value) ?? typed
    }.joined(separator: " ")
  }

  private func names(_ value: Value) -> String? {
    switch value {
    case .object(let object):
      object is NodeSet || object is AttentionEdgeSet || object is PatternWord || object is PatternSet
        ? object.summary : nil
    case .list(let elements): elements.compactMap(names).joined(separator: " ")
    default: nil
    }
  }

  /// Adds an intervention; its value is what the verb yields.
  func add(_ scope: Intervention.Scope, _ source: ReplacementSource, target: String? = nil) -> Value {
    let target = target ?? self.target
    return .object(
      bench.state.interventions.add { number in
        Intervention(
          number: number, verb: verb.name, target: target, scope: scope, source: source, model: model)
      })
  }
}
