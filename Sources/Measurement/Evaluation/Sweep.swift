import Attribution
import Encoders
import Faults
import Tensors

/// The same questions again and again, each time with something else replaced.
///
/// What comes before the first replaced node is the same every time, so it is run once for each probe and kept: a target in
/// layer l costs the layers from l on, without the attention of l when what it computes is not what is replaced.
/// Targets that start at the same place go through the network together.
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
    let plan = SweepPlan(targets, evaluator.model.configuration)
    let parts = try parts(plan)
    let work = Progress(total: plan.cost * probes.count, progress)
    var outcomes = SweepOutcomes(targets: targets.count, probes: probes.count)
    for (index, part) in parts.enumerated() {
      let states = try part.map { try self.states($0, plan) }
      for (batch, state) in zip(part, states) { outcomes.setBase(batch.indices, state.outcomes) }
      let isLast = index == parts.count - 1
      if isLast { try base(outcomes.base) }
      let kept = part.reduce(0) { $0 + stateBytes($1, plan) }
      try evaluator.execution.holding(kept) {
        for (members, start) in passes(plan, part) {
          for (batch, state) in zip(part, states) {
            let values = try run(members, start, batch, state)
            for (target, row) in zip(members, values) { outcomes.set(target, batch.indices, row) }
            work.advance(by: members.count * batch.indices.count * start.cost(evaluator.model.configuration))
          }
          if isLast { for target in members { try finished(target, outcomes[target]) } }
        }
      }
    }
    work.finish()
  }

  /// The targets that go through the network together, and where they start.
  private func passes(_ plan: SweepPlan, _ batches: [ProbeBatch]) -> [(members: [Int], start: SweepStart)] {
    plan.groups.flatMap { group in split(group, among: batches).map { ($0, group.start) } }
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

  /// Targets that go through the network together: with the largest batch, about as many tokens as make full products.
  private func split(_ group: SweepPlan.Group, among batches: [ProbeBatch]) -> [[Int]] {
    let tokens = batches.map(\.tokens.ids.count).max() ?? 1
    let longest = batches.map(\.tokens.length).max() ?? 1
    let rows = evaluator.memoryBudget / 2 / evaluator.bytesPerRow(batches.flatMap(\.probes))
    let maximum = min(Evaluator.tokensPerBatch, rows * longest)
    let count = max(1, maximum / tokens)
    return stride(from: 0, to: group.targets.count, by: count).map {
      Array(group.targets[$0..<min($0 + count, group.targets.count)])
    }
  }

  private struct States {
    let activations: [Site: Tensor]
    let outcomes: [Outcome]
  }

  private func states(_ batch: ProbeBatch, _ plan: SweepPlan) throws -> States {
    let request = ForwardRequest(
      capture: plan.sites, quantities: batch.quantities(),
      interventions: batch.probes.map(\.interventions))
    let result = try evaluator.run(batch.tokens, request)
    return States(activations: result.activations, outcomes: batch.outcomes(result.quantities)[0])
  }

  private func run(
    _ members: [Int], _ start: SweepStart, _ batch: ProbeBatch, _ states: States
  ) throws -> [[Outcome]] {
    let interventions = try members.flatMap { target in
      try batch.indices.enumerated().map { row, probe in
        let replacements = try targets[target].nodes.map {
          Replacement(node: $0, value: try value($0, probe))
        }
        return batch.probes[row].interventions.followed(by: Interventions(replacements))
      }
    }
    let rows = members.flatMap { _ in batch.indices.indices }
    let request = ForwardRequest(
      quantities: batch.quantities(copies: members.count), interventions: interventions,
      start: start.forwardStart(
        states.activations, layers: evaluator.model.configuration.layers, rows: Array(rows)))
    let result = try evaluator.run(batch.tokens.repeated(members.count), request)
    return batch.outcomes(result.quantities, copies: members.count)
  }
}

/// Outcomes of a sweep as they come in.
private struct SweepOutcomes {
  private(set) var base: [Outcome]
  private var values: [[Outcome]]

  init(targets: Int, probes: Int) {
    base = Array(repeating: Outcome(value: .nan, isCorrect: false), count: probes)
    values = Array(repeating: base, count: targets)
  }

  subscript(target: Int) -> [Outcome] { values[target] }

  mutating func setBase(_ indices: [Int], _ outcomes: [Outcome]) {
    for (index, outcome) in zip(indices, outcomes) { base[index] = outcome }
  }

  mutating func set(_ target: Int, _ indices: [Int], _ outcomes: [Outcome]) {
    for (index, outcome) in zip(indices, outcomes) { values[target][index] = outcome }
  }
}
