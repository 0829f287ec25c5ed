import Attribution
import Encoders
import Faults
import Tensors

/// The same questions again and again, each time with something else replaced.
///
/// What comes before the first replaced node is the same every time, so it is run once for each probe and kept: a target in
/// layer l costs the layers from l on, without the attention of l when what it computes is not what is replaced.
/// Each target goes through the network by itself, in the batches of the probes: rounding depends on what a product of
/// matrices has beside a row, and what is found of a target is not to depend on which others are asked about.
public struct Sweep {
  /// Nodes that are replaced together.
  public struct Target: Sendable {
    public let nodes: [Node]

    /// - Precondition: at least one node.
    public init(_ nodes: [Node]) {
      precondition(!nodes.isEmpty, "a target has a node")
      self.nodes = nodes
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
  ///   - finished: Called for each target, in the order of the network, with the outcome of each probe; what it throws ends the
  ///     sweep.
  ///   - progress: Told the finished share, 0 to 1.
  public func run(
    base: ([Outcome]) throws -> Void = { _ in }, finished: (_ target: Int, [Outcome]) throws -> Void,
    progress: @escaping (Double) -> Void = { _ in }
  ) throws {
    // Not those of the runs whose states are kept: what these compute beside them depends on the targets.
    try base(try evaluator.outcomes(probes))
    guard !targets.isEmpty else { return }
    let plan = SweepPlan(targets, evaluator.model.configuration)
    let parts = try parts(plan)
    let work = Progress(total: plan.cost * probes.count, progress)
    var outcomes = SweepOutcomes(targets: targets.count, probes: probes.count)
    for (index, part) in parts.enumerated() {
      let states = try part.map { try self.states($0, plan) }
      let isLast = index == parts.count - 1
      let kept = part.reduce(0) { $0 + stateBytes($1, plan) }
      try evaluator.execution.holding(kept) {
        for (target, start) in plan.groups.flatMap({ group in group.targets.map { ($0, group.start) } }) {
          for (batch, state) in zip(part, states) {
            outcomes.set(target, batch.indices, try run(target, start, batch, state))
            work.advance(by: batch.indices.count * start.cost(evaluator.model.configuration))
          }
          if isLast { try finished(target, outcomes[target]) }
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
  private func parts(_ plan: SweepPlan) throws -> [[ProbeBatch]] {
    var parts: [[ProbeBatch]] = []
    var room = 0
    for batch in try evaluator.batches(probes) {
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

  private func states(_ batch: ProbeBatch, _ plan: SweepPlan) throws -> [Site: Tensor] {
    try evaluator.run(
      batch.tokens,
      ForwardRequest(capture: plan.sites, interventions: batch.probes.map(\.interventions))
    ).activations
  }

  private func run(
    _ target: Int, _ start: SweepStart, _ batch: ProbeBatch, _ states: [Site: Tensor]
  ) throws -> [Outcome] {
    let interventions = try batch.indices.enumerated().map { row, probe in
      let replacements = try targets[target].nodes.map {
        Replacement(node: $0, value: try value($0, probe))
      }
      return batch.probes[row].interventions.followed(by: Interventions(replacements))
    }
    let request = ForwardRequest(
      quantities: batch.quantities, interventions: interventions,
      start: start.forwardStart(
        states, layers: evaluator.model.configuration.layers, rows: Array(batch.indices.indices)))
    return batch.outcomes(try evaluator.run(batch.tokens, request).quantities)
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
