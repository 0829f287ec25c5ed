import Encoders
import Language
import Tensors

extension Intervention {
  /// What it does to each of some texts.
  ///
  /// - Throws: ``InterventionFault`` for a text that it cannot be applied to
  func interventions(for texts: [EncodedText], in bench: Bench) throws -> [Interventions] {
    let nodes = try texts.map { try self.nodes(in: $0) }
    switch source {
    case .zero:
      return nodes.map { Interventions($0.map { Replacement(node: $0, value: .zero) }) }
    case .means(let means):
      return try zip(texts, nodes).map { text, nodes in
        if means.scope == .position { try checkLength(text, means.length) }
        return Interventions(means.replacements(of: nodes))
      }
    case .baseline(let baseline):
      return try taken(from: texts, for: nodes, baseline, bench)
    case .resample(let resampling):
      let donors = try zip(texts, nodes).map { try donor(for: $0, $1, resampling) }
      return try taken(from: donors, for: nodes, nil, bench)
    case .text(let from):
      return try zip(texts, nodes).map { text, nodes in
        if nodes.contains(where: { $0.position == nil }) { try checkLength(text, from.text.count) }
        var values = NodeValues(from.activations)
        return Interventions(nodes.flatMap { values.replacements(of: $0) })
      }
    }
  }

  private func checkLength(_ text: EncodedText, _ expected: Int) throws {
    guard text.count == expected else {
      throw InterventionFault.length(label, expected: expected, found: text.count)
    }
  }

  private func donor(for text: EncodedText, _ nodes: [Node], _ resampling: Resampling) throws -> EncodedText {
    let needsLength = nodes.contains { $0.position == nil }
    let last = nodes.compactMap(\.position).max() ?? 0
    let donor = resampling.donor(for: text) { needsLength ? $0.count == text.count : $0.count > last }
    guard let donor else {
      throw InterventionFault.noDonor(label, task: resampling.task, length: text.count)
    }
    return donor
  }

  /// The nodes' values in the intact network over `texts`, or over a baseline's words in their place.
  private func taken(
    from texts: [EncodedText], for nodes: [[Node]], _ baseline: BaselineText?, _ bench: Bench
  ) throws -> [Interventions] {
    let run = ActivationRun(
      model: model, bench: bench, sites: Set(nodes.joined().map(\.site)), baseline: baseline)
    var interventions: [Interventions] = Array(repeating: .none, count: texts.count)
    try run.each(texts) { index, activations in
      var values = NodeValues(activations)
      interventions[index] = Interventions(nodes[index].flatMap { values.replacements(of: $0) })
    }
    return interventions
  }
}

extension Interventions {
  /// Writes what replaces skip connections of a layer into the layer's input (n, d).
  func replaceSkips(in input: inout Tensor, layer: Int?) {
    let width = input.shape[1]
    for replacement in replacements
    where replacement.node.component == .skip && replacement.node.layer == layer {
      for position in replacement.node.position.map({ $0..<$0 + 1 }) ?? 0..<input.shape[0] {
        let values: [Float] =
          switch replacement.value {
          case .zero: Array(repeating: 0, count: width)
          case .vector(let vector): vector.values
          case .positions(let rows): rows[position].values
          }
        input.withUnsafeMutableBufferPointer {
          _ = $0[(position * width)...].update(fromContentsOf: values)
        }
      }
    }
  }
}
