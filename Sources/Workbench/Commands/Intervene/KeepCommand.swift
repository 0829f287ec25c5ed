import Attribution
import ExactText
import Transformers
import Language
import Results

struct KeepCommand: BenchCommand {
  let name = "keep"
  let group = CommandGroup.intervene
  let summary = "replace everything but some nodes, or but what patterns take"
  let discussion = """
    NODES are hidden states, heads, feed-forward branches (L3.mlp) and skip connections (L3.skip, L3.mlp_skip). When there
    are hidden states among them, all other hidden states are replaced, from the embeddings to the last layer's; when there
    are heads or L*.skip, all other heads and L*.skip are; when there are L*.mlp or L*.mlp_skip, all others of these are.
    Patterns, a value of `patterns`, keep the union of what the patterns of the sentence's words take, and the target with
    its skip connections; at level=attention also heads and skip connections are replaced, at level=feedforward also
    feed-forward branches and the skip connections beside them. Default is the finest level that was searched. Replaced positions are still attended to. Where a sentence occurs
    with several quantities of interest, each keeps the patterns of its own: the row's in a task, else that of `qoi`.
    A circuit keeps its residual edges: every other edge comes from the counterfactual of the text, or of each row.
    """
  let parameters: [Parameter] =
    [
      .rest("nodes", .nodes, "nodes or node sets, or one value of `patterns` or `circuit`", needsOne: true),
      .option("level", .word(PatternLevel.allCases.map(\.rawValue)), "of patterns: what is replaced"),
    ] + ReplacementOptions.parameters(["zero", "mean"])
  let context: StateKey? = .interventions
  let example = #"""
    load "demo"
    text "the author that the guards like [MASK] young ."
    qoi is - are
    let p = patterns(points=10)
    keep p level=embedding
    forward top=2
    restore
    keep embed L*@7
    forward top=2
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let call = try InterventionArguments(arguments, self, bench)
    if let circuit = try circuit(arguments) {
      try arguments.refuse(
        parameters.dropFirst().map(\.name),
        because: "the other edges of a circuit come from the counterfactual")
      try circuit.check(call.model)
      return call.add(
        .edges(circuit.circuit.edges.complement), .counterfactual, target: "a \(circuit.summary)")
    }
    let kept: KeptNodes
    let target: String
    if let patterns = try patterns(arguments) {
      let level = try level(of: patterns, arguments, call.model.configuration)
      kept = KeptNodes(content: .patterns(patterns, level), configuration: call.model.configuration)
      target = "\(patterns.summary), level=\(level.rawValue)"
    } else {
      try arguments.refuse("level", because: "nodes say themselves what is kept")
      let nodes = try call.nodes()
      if let other = nodes.first(where: { KeepMask.Kind($0.component) == nil }) {
        throw InterventionFault.notKeepable(other.name)
      }
      kept = KeptNodes(content: .nodes(nodes), configuration: call.model.configuration)
      target = call.target
    }
    let source = try call.source(sites: kept.sites, nodes: [], scope: .overall)
    return call.add(.allBut(kept), source, target: target)
  }

  /// nil when something else is kept.
  private func circuit(_ arguments: Arguments) throws -> CircuitValue? {
    let all = arguments.all("nodes")
    let circuits = all.compactMap { argument -> CircuitValue? in
      if case .object(let object) = argument.value { object as? CircuitValue } else { nil }
    }
    guard let circuit = circuits.first else { return nil }
    guard all.count == 1 else { throw CircuitFault.mixedEdges.located(all[1].span) }
    return circuit
  }

  /// nil when nodes are kept.
  private func patterns(_ arguments: Arguments) throws -> PatternSet? {
    let all = arguments.all("nodes")
    let sets = all.compactMap { argument -> PatternSet? in
      if case .object(let object) = argument.value { object as? PatternSet } else { nil }
    }
    guard let set = sets.first else { return nil }
    guard all.count == 1 else { throw InterventionFault.mixedWithPatterns.located(all[1].span) }
    return set
  }

  /// The level asked for, else the finest that was searched.
  private func level(
    of patterns: PatternSet, _ arguments: Arguments, _ configuration: TransformerConfiguration
  ) throws -> PatternLevel {
    let words = patterns.sentences.flatMap(\.patterns.words)
    guard words.allSatisfy({ $0.fits(configuration) }) else {
      throw InterventionFault.patternsOfOtherModel(layers: configuration.layers, heads: configuration.heads)
        .located(arguments.span(of: "nodes"))
    }
    let finest = patterns.finestLevel
    guard let name = arguments.string("level"), let level = PatternLevel(named: name) else { return finest }
    guard level <= finest else {
      throw InterventionFault.coarserPatterns(level, finest: finest).located(arguments.span(of: "level"))
    }
    return level
  }
}

extension WordPattern {
  fileprivate func fits(_ configuration: TransformerConfiguration) -> Bool {
    embedding.nodes.count == configuration.layers + 1
      && attention?.choices.allSatisfy { $0 < configuration.heads } ?? true
  }
}
