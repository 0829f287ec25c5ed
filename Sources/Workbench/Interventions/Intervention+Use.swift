import Transformers
import Language

extension Intervention {
  /// What it does to each of some texts.
  ///
  /// - Throws: ``InterventionFault`` for a text that it cannot be applied to
  func interventions(for texts: [EncodedText], in bench: Bench) throws -> [Interventions] {
    if case .edges(let edges) = scope { return try texts.map { try $0.patch(edges, by: self) } }
    if case .cuts(let cuts) = scope {
      return try texts.map { text in
        try cuts.interventions(length: text.count) {
          InterventionFault.position(label, node: $0, length: text.count)
        }
      }
    }
    let nodes = try texts.map { try self.nodes(in: $0) }
    switch source {
    case .zero, .mask: return nodes.map { Substitute.zero.interventions(on: $0) }
    case .means(let means):
      return try zip(texts, nodes).map { text, nodes in
        if means.scope == .position { try checkLength(text, means.means.length) }
        return Substitute.means(means.means).interventions(on: nodes)
      }
    case .baseline(let baseline):
      return try taken(from: texts.map { $0.sequence(model, baseline) }, for: nodes, bench)
    case .counterfactual:
      return try taken(from: texts.map { try $0.counterfactualSequence(of: self) }, for: nodes, bench)
    case .resample(let resampling):
      let donors = try zip(texts, nodes).map { try donor(for: $0, $1, resampling) }
      return try taken(from: donors.map { $0.sequence(model) }, for: nodes, bench)
    case .text(let from):
      return try zip(texts, nodes).map { text, nodes in
        if nodes.contains(where: { $0.position == nil }) { try checkLength(text, from.text.count) }
        return Substitute.activations(from.activations, model.configuration.blocks)
          .interventions(on: nodes)
      }
    }
  }

  private func checkLength(_ text: EncodedText, _ expected: Int) throws {
    guard text.count == expected else {
      throw InterventionFault.length(label, expected: expected, found: text.count)
    }
  }

  func donor(for text: EncodedText, _ nodes: [Node], _ resampling: Resampling) throws -> EncodedText {
    let donor = resampling.donor(for: text) {
      Substitute.fits(length: $0.count, for: nodes, inLength: text.count)
    }
    guard let donor else {
      throw InterventionFault.noDonor(label, task: resampling.task, length: text.count)
    }
    return donor
  }

  /// The nodes' values in the intact network over other sequences.
  func taken(
    from sequences: [ActivationRun.Sequence], for nodes: [[Node]], _ bench: Bench
  ) throws -> [Interventions] {
    try ActivationRun(model, sites: model.configuration.blocks.sites(of: nodes.joined()), in: bench)
      .interventions(on: nodes, takenFrom: sequences)
  }
}

extension EncodedText {
  /// Edges that come from the counterfactual.
  fileprivate func patch(_ edges: EdgeSet, by intervention: Intervention) throws -> Interventions {
    let other = try counterfactualSequence(of: intervention)
    return Interventions(edges: EdgePatch(edges, ids: other.ids, types: other.types))
  }

  /// The same as a sequence.
  ///
  /// - Throws: ``InterventionFault/noCounterfactual(_:sentence:)``
  func counterfactualSequence(of intervention: Intervention) throws -> ActivationRun.Sequence {
    guard let counterfactual else {
      throw InterventionFault.noCounterfactual(intervention.label, sentence: source.text)
    }
    return ActivationRun.Sequence(ids: counterfactual.ids, types: counterfactual.types)
  }
}
