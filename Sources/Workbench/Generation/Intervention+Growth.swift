import Attribution
import Faults
import Language
import Transformers

extension Bench {
  /// What is done to `model` when it reads `text` and what it adds to it.
  ///
  /// - Parameter length: tokens that are run in the end.
  /// - Throws: ``GenerationFault`` for an intervention that says nothing about tokens that are added.
  func interventions(
    for text: EncodedText, growingTo length: Int, _ model: LoadedModel
  ) throws -> Interventions {
    guard length > text.count else { return try interventions(for: text, model) }
    return try state.interventions.acting(on: model).reduce(.none) { sum, intervention in
      let next = try intervention.interventions(for: text, growingTo: length, in: self)
      session.noteUse(intervention.description)
      return sum.followed(by: next)
    }
  }
}

extension Intervention {
  /// What it does at each of `length` tokens, of which the text is the first: at positions of the text the same as without the
  /// others, for no activation depends on what follows.
  ///
  /// Zeros and means go on behind the text. So does a baseline, whose word stands for every token that is added. Activations
  /// of a text or of a donor, which is chosen for the text as it stands, take the place of nodes with a position alone.
  fileprivate func interventions(
    for text: EncodedText, growingTo length: Int, in bench: Bench
  ) throws -> Interventions {
    if case .cuts(let cuts) = scope {
      return try cuts.interventions(length: length) {
        GenerationFault.position(label, node: $0, length: length, own: text.count)
      }
    }
    let nodes = try nodes(in: text, growingTo: length, bench)
    let areOwn = nodes.allSatisfy { $0.position.map { $0 < text.count } ?? false }
    func requirePositions(_ reason: GenerationFault.Reason) throws {
      guard nodes.allSatisfy({ $0.position != nil }) else { throw GenerationFault.fixed(label, reason) }
    }
    switch source {
    case .zero, .mask: return Substitute.zero.interventions(on: nodes)
    case .means(let means):
      guard means.scope != .position else {
        throw GenerationFault.fixed(label, .meansPerPosition(means.means.length))
      }
      return Substitute.means(means.means).interventions(on: nodes)
    case .baseline(let baseline):
      if areOwn { return try taken(from: [text.sequence(model, baseline)], for: [nodes], bench)[0] }
      guard !baseline.isCounterfactual else { throw GenerationFault.fixed(label, .textAtAllPositions) }
      guard !baseline.keepsSpecial else { throw GenerationFault.fixed(label, .keptSpecial) }
      let filled = try text.filled(to: length, model)
      return try taken(from: [filled.sequence(model, baseline)], for: [nodes], bench)[0]
    case .resample(let resampling):
      try requirePositions(.resamplingAtAllPositions)
      return try taken(from: [donor(for: text, nodes, resampling).sequence(model)], for: [nodes], bench)[0]
    case .counterfactual:
      try requirePositions(.textAtAllPositions)
      return try taken(from: [text.counterfactualSequence(of: self)], for: [nodes], bench)[0]
    case .text(let from):
      try requirePositions(.textAtAllPositions)
      return Substitute.activations(from.activations, model.configuration.blocks).interventions(on: nodes)
    }
  }

  private func nodes(in text: EncodedText, growingTo length: Int, _ bench: Bench) throws -> [Node] {
    func check(_ nodes: [Node]) throws {
      let bounds = PlaceBounds(model.configuration, length: length)
      guard let node = nodes.first(where: { !bounds.contains($0) }) else { return }
      throw GenerationFault.position(label, node: node.name, length: length, own: text.count)
    }
    switch scope {
    case .nodes(let nodes):
      try check(nodes)
      return nodes
    case .edges: throw GenerationFault.fixed(label, .edges)
    case .cuts: return []
    case .allBut(let kept):
      guard case .nodes(let nodes) = kept.content else { throw GenerationFault.fixed(label, .patterns) }
      try check(nodes)
      return try removed(keeping: nodes, length, bench)
    }
  }

  /// What is kept at all positions is missing at none: the others go at all of them.
  private func removed(keeping nodes: [Node], _ length: Int, _ bench: Bench) throws -> [Node] {
    let configuration = model.configuration
    guard nodes.contains(where: { $0.position != nil }) else {
      return KeepMask(nodes: nodes, length: 1, configuration).removedNodes
        .map { Node(layer: $0.layer, component: $0.component) }
    }
    let perPosition = configuration.layers * (configuration.heads + 4)
    let (bytes, budget) = (
      length * perPosition * 2 * MemoryLayout<Replacement>.stride, bench.session.workingMemory
    )
    guard bytes <= budget else { throw MemoryFault(needed: bytes, budget: budget) }
    return KeepMask(nodes: nodes, length: length, configuration).removedNodes
  }
}

extension EncodedText {
  /// With any tokens behind it, for a baseline whose words take the place of all.
  fileprivate func filled(to length: Int, _ model: LoadedModel) throws -> EncodedText {
    let ids = encoding.ids + Array(repeating: 0, count: length - count)
    return try EncodedText(SentenceText(text: source.text, ids: ids), model: model)
  }
}
