import Transformers
import ExactText
import Language
import Results

/// One thing that is done to a network: nodes, and what takes their place.
struct Intervention: ObjectValue {
  enum Scope: Sendable {
    /// These nodes are replaced.
    case nodes([Node])
    /// Everything else is.
    case allBut(KeptNodes)
    /// These residual edges come from each text's counterfactual.
    case edges(EdgeSet)
    /// These attention edges carry nothing.
    case cuts(CutEdges)
  }

  let number: Int
  let verb: String
  /// The nodes, as they were named.
  let target: String
  let scope: Scope
  let source: ReplacementSource
  let model: LoadedModel

  /// The same thing done once more.
  func numbered(_ number: Int) -> Intervention {
    Intervention(
      number: number, verb: verb, target: target, scope: scope, source: source, model: model)
  }

  /// A model that was loaded again from the same files is the same.
  func acts(on other: LoadedModel) -> Bool {
    model === other || (model.name == other.name && model.folder.fingerprint == other.folder.fingerprint)
  }

  /// Whether what it does to a text depends on the question.
  var keepsPatterns: Bool {
    guard case .allBut(let kept) = scope, case .patterns = kept.content else { return false }
    return true
  }

  /// The nodes that are replaced in one text.
  ///
  /// - Throws: ``InterventionFault`` for a position that the text does not have, or a text without patterns
  func nodes(in text: EncodedText) throws -> [Node] {
    switch scope {
    case .nodes(let nodes):
      try check(nodes, in: text)
      return nodes
    case .allBut(let kept): return try kept.mask(for: text, self).removedNodes
    case .edges, .cuts: return []
    }
  }

  func check(_ nodes: [Node], in text: EncodedText) throws {
    let bounds = PlaceBounds(model.configuration, length: text.count)
    guard let node = nodes.first(where: { !bounds.contains($0) }) else { return }
    throw InterventionFault.position(label, node: node.name, length: text.count)
  }
}

extension Intervention {
  /// For faults and lists.
  struct Label: Sendable, Equatable {
    let number: Int
    let text: String
  }

  var label: Label { Label(number: number, text: description) }

  /// `ablate L1H0 by zero`
  var description: String { "\(verb) \(target) \(source.phrase)" }

  var typeName: String { "intervention" }

  var summary: String { "\(number): \(description)" }

  var fields: Record {
    var fields: Record = ["number": Value(number), "verb": .string(verb), "nodes": nodeField]
    fields.merge(source.fields) { own, _ in own }
    fields["model"] = .string(model.name)
    return fields
  }

  private var nodeField: Value {
    switch scope {
    case .nodes(let nodes): .strings(nodes.map(\.name))
    case .allBut(let kept):
      if case .nodes(let nodes) = kept.content { .strings(nodes.map(\.name)) } else { .string(target) }
    case .edges: .string(target)
    case .cuts(let cuts): .strings(cuts.names)
    }
  }
}
