import Attribution
import Transformers
import Faults
import Tensors

/// The same questions again and again, each time with something else replaced.
///
/// What comes before the first replaced node is the same every time, so it is run once for each probe and kept: a target in
/// layer l costs the layers from l on, without the attention of l when what it computes is not what is replaced.
/// Targets that start at the same place go through the network together, each with its own copy of the probes. What is found of a
/// target does not depend on which others are asked about, to the bit: a row is the same bits whatever it is computed with.
public struct Sweep {
  /// Nodes that are replaced together, and attention edges that are cut with them.
  public struct Target: Sendable {
    public let nodes: [Node]
    public let cuts: [AttentionCut]

    /// - Precondition: at least one node or edge.
    public init(_ nodes: [Node], cuts: [AttentionCut] = []) {
      precondition(!nodes.isEmpty || !cuts.isEmpty, "a target has a node or an edge")
      (self.nodes, self.cuts) = (nodes, cuts)
    }
  }

  public let evaluator: Evaluator
  public let probes: [Probe]
  public let targets: [Target]
  /// What to put in place of a node in a probe.
  public let value: (_ node: Node, _ probe: Int) throws -> Replacement.Value

  public init(
    evaluator: Evaluator, probes: [Probe], targets: [Target],
    value: @escaping (_ node: Node, _ probe: Int) throws -> Replacement.Value
  ) {
    self.evaluator = evaluator
    self.probes = probes
    self.targets = targets
    self.value = value
  }

  /// The targets' outcomes on top of the probes' own interventions.
  ///
  /// - Parameters:
  ///   - base: Called first, with the outcomes of the probes as they are.
  ///   - finished: Called for each target with the outcome of each probe, place after place in the network; what it throws
  ///     ends the sweep.
  ///   - progress: Told the finished share, 0 to 1.
  public func run(
    base: ([Outcome]) throws -> Void = { _ in }, finished: (_ target: Int, [Outcome]) throws -> Void,
    progress: @escaping (Double) -> Void = { _ in }
  ) throws {
    // Not those of the runs whose states are kept: what these compute beside them depends on the targets.
    try base(try evaluator.outcomes(probes))
    guard !targets.isEmpty else { return }
    let batches = try evaluator.batches(probes)
    let plan = SweepPlan(targets, evaluator.model.configuration, most: copies(of: batches))
    let parts = parts(batches, plan)
    let work = Progress(total: plan.cost * probes.count, progress)
    var outcomes = SweepOutcomes(targets: targets.count, probes: probes.count)
    for (index, part) in parts.enumerated() {
      let states = try part.map { try self.states($0, plan) }
      let isLast = index == parts.count - 1
      let kept = part.reduce(0) { $0 + stateBytes($1, plan) }
      try evaluator.execution.holding(kept) {
        for pass in plan.passes {
          for (batch, state) in zip(part, states) {
            for (target, row) in zip(pass.targets, try run(pass, batch, state)) {
              outcomes.set(target, batch.indices, row)
            }
            work.advance(
              by: pass.targets.count * batch.indices.count * pass.start.cost(evaluator.model.configuration))
          }
          if isLast { for target in pass.targets { try finished(target, outcomes[target]) } }
        }
      }
    }
    work.finish()
  }

  private func stateBytes(_ batch: ProbeBatch, _ plan: SweepPlan) -> Int {
    ForwardExtent.bytes(
      of: plan.sites, in: evaluator.model.configuration, rows: batch.tokens.rows,
      length: batch.tokens.length)
  }

  /// Batches whose kept states fit half of the memory budget together.
  private func parts(_ batches: [ProbeBatch], _ plan: SweepPlan) -> [[ProbeBatch]] {
    var parts: [[ProbeBatch]] = []
    var room = 0
    for batch in batches {
      let bytes = stateBytes(batch, plan)
      if parts.isEmpty || bytes > room {
        parts.append([])
        room = evaluator.memoryBudget / 2
      }
      room -= bytes
      parts[parts.count - 1].append(batch)
    }
    return parts
  }

  /// How often the largest batch goes through the network at once: about as many tokens as make full products.
  private func copies(of batches: [ProbeBatch]) -> Int {
    let tokens = batches.map(\.tokens.ids.count).max() ?? 1
    let longest = batches.map(\.tokens.length).max() ?? 1
    let rows = evaluator.memoryBudget / 2 / evaluator.bytesPerRow(probes)
    return max(1, min(Evaluator.tokensPerBatch, rows * longest) / tokens)
  }

  private func states(_ batch: ProbeBatch, _ plan: SweepPlan) throws -> [Site: Tensor] {
    try evaluator.run(
      batch.tokens,
      ForwardRequest(capture: plan.sites, interventions: batch.probes.map(\.interventions))
    ).activations
  }

  /// The outcomes of each target of the pass.
  private func run(
    _ pass: SweepPlan.Pass, _ batch: ProbeBatch, _ states: [Site: Tensor]
  ) throws -> [[Outcome]] {
    let interventions = try pass.targets.flatMap { target in
      try batch.indices.enumerated().map { row, probe in
        let replacements = try targets[target].nodes.map {
          Replacement(node: $0, value: try value($0, probe))
        }
        return batch.probes[row].interventions
          .followed(by: Interventions(replacements, cuts: targets[target].cuts))
      }
    }
    let copies = pass.targets.count
    let rows = pass.targets.flatMap { _ in batch.indices.indices }
    let request = ForwardRequest(
      quantities: batch.quantities(copies: copies), interventions: interventions,
      start: pass.start.forwardStart(states, layers: evaluator.model.configuration.layers, rows: rows))
    let result = try evaluator.run(batch.tokens.repeated(copies), request)
    return batch.outcomes(result.quantities, copies: copies)
  }
}

/// Outcomes of a sweep as they come in.
private struct SweepOutcomes {
  private var values: [[Outcome]]

  init(targets: Int, probes: Int) {
    let none = Array(repeating: Outcome(value: .nan, isCorrect: false), count: probes)
    values = Array(repeating: none, count: targets)
  }

  subscript(target: Int) -> [Outcome] { values[target] }

  mutating func set(_ target: Int, _ indices: [Int], _ outcomes: [Outcome]) {
    for (index, outcome) in zip(indices, outcomes) { values[target][index] = outcome }
  }
}
