import Faults
import Tensors

/// Runs sequences for their activations, as many at a time as memory allows.
public struct ActivationRun {
  public struct Sequence {
    /// (n) each.
    public var ids: [Int32]
    public var types: [Int32]
    /// Gives (n, e) to start from instead of the ids' word embeddings; nil for these.
    public var words: (() throws -> Tensor)?
    /// What is replaced meanwhile.
    public var interventions: Interventions

    public init(
      ids: [Int32], types: [Int32], words: (() throws -> Tensor)? = nil,
      interventions: Interventions = .none
    ) {
      (self.ids, self.types) = (ids, types)
      (self.words, self.interventions) = (words, interventions)
    }
  }

  public let model: Transformer
  public let sites: Set<Site>
  /// Bytes that a pass may hold, weights apart.
  public let memoryBudget: Int
  /// Sequences that run together at most.
  public let limit: Int
  public let execution: Execution
  public let check: InterruptionCheck

  /// Enough for full matrix products, few enough to stop soon.
  public static let standardLimit = 16

  public init(
    model: Transformer, sites: Set<Site>, memoryBudget: Int, limit: Int = standardLimit,
    execution: Execution = .running, check: @escaping InterruptionCheck
  ) {
    (self.model, self.sites, self.memoryBudget) = (model, sites, memoryBudget)
    (self.limit, self.execution, self.check) = (limit, execution, check)
  }

  /// Calls `body` with each sequence's activations, (n, ...) each, in order.
  ///
  /// - Parameter progress: Called before each pass with how many are done.
  /// - Throws: ``MemoryFault`` when one sequence alone exceeds the budget, and what a forward pass and `body` throw.
  public func each(
    _ sequences: [Sequence], progress: (Int) -> Void = { _ in },
    _ body: (_ index: Int, _ activations: [Site: Tensor]) throws -> Void
  ) throws {
    guard !sites.isEmpty, let longest = sequences.map(\.ids.count).max() else { return }
    let room = try ForwardExtent.sequences(
      model, ForwardRequest(capture: sites), length: longest, within: memoryBudget)
    let size = min(limit, room)
    for start in stride(from: 0, to: sequences.count, by: size) {
      progress(start)
      let part = Array(sequences[start..<min(start + size, sequences.count)])
      let activations = try run(part)
      for (row, sequence) in part.enumerated() {
        try body(
          start + row,
          try activations.mapValues { try $0[row].sliced([.range(0..<sequence.ids.count)]) })
      }
    }
  }

  /// The values of nodes that `sequences` give to others: for each the replacements of its nodes by what it computes itself.
  public func interventions(on nodes: [[Node]], takenFrom sequences: [Sequence]) throws -> [Interventions] {
    var result: [Interventions] = Array(repeating: .none, count: sequences.count)
    try each(sequences) { index, activations in
      result[index] = Substitute.activations(activations, model.configuration.blocks)
        .interventions(on: nodes[index])
    }
    return result
  }

  /// (B, n, ...) each, padded to the longest.
  private func run(_ part: [Sequence]) throws -> [Site: Tensor] {
    let batch = TokenBatch(
      sequences: part.map { (ids: $0.ids, types: $0.types) }, padToken: model.configuration.fillingToken)
    let isIntact = part.allSatisfy(\.interventions.isEmpty)
    let request = ForwardRequest(capture: sites, interventions: isIntact ? [] : part.map(\.interventions))
    return try execution.perform(
      model.plan(batch, words: try words(part, batch), request, check: check)
    ).activations
  }

  /// (B, n, e), zeros at padding; nil when all start from their ids.
  private func words(_ part: [Sequence], _ batch: TokenBatch) throws -> Tensor? {
    guard part.contains(where: { $0.words != nil }) else { return nil }
    let width = model.configuration.embeddingSize
    return try Tensor(shape: [batch.rows, batch.length, width]) { target in
      target.update(repeating: 0)
      for (row, sequence) in part.enumerated() {
        let words = try sequence.words?() ?? model.embeddings.words(of: sequence.ids)
        let start = row * batch.length * width
        words.withUnsafeBufferPointer { _ = target[start...].update(fromContentsOf: $0) }
      }
    }
  }
}

extension Embeddings {
  /// (ids, e)
  fileprivate func words(of ids: [Int32]) -> Tensor {
    let rows = Storage(uninitializedCount: ids.count * width)
    gather(ids, into: rows.base)
    return Tensor(shape: [ids.count, width], storage: rows)
  }
}
