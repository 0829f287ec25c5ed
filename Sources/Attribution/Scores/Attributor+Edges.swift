import Faults
import Tensors
import Transformers

extension Attributor {
  /// Q of one input with some residual edges from the other end of its path: of its counterfactual or its baseline.
  ///
  /// - Parameter edges: Each set is a run of its own.
  /// - Throws: ``EdgeFault`` for models without such edges, or under interventions.
  /// - Complexity: two forward passes, and up to 1.5 for each set.
  public func quantities(
    of input: AttributionInput, withEdges edges: [EdgeSet],
    options: AttributionOptions = AttributionOptions(), check: @escaping InterruptionCheck,
    progress: @escaping ProgressReport = { _ in }
  ) throws -> [Double] {
    let request = try Request(self, [input], options, points: [(1, 1)], check: check, progress: progress)
    return try execution.perform(request.quantities(withEdges: edges))
  }
}

extension Request {
  /// Of the only sentence.
  func quantities(withEdges edges: [EdgeSet]) throws -> Plan<[Double]> {
    let sentence = sentences[0]
    guard sentence.interventions.isEmpty else { throw EdgeFault.interventionsActive }
    let space = try EdgeSpace(model.configuration)
    let bytes =
      4 * EdgePass.floats(model.configuration, space, rows: 1, length: sentence.paddedLength)
    let (budget, most) = (options.memoryBudget, max(1, 1024 / sentence.paddedLength))
    guard bytes <= budget else {
      throw AttributionFault.budgetTooSmall(needed: bytes, budget: budget, points: 1)
    }
    let size = max(1, min(budget / bytes, most))
    return Plan(
      work: {
        forwardWork([0], points: 1) + Double(edges.count) * 1.5 * forwardWork([0], points: 1)
          + Work(bytes: bytes * min(size, edges.count), sequences: edges.count + 1)
      }, form: { edges.map { _ in 0 } },
      run: { try quantities(sentence, edges, size: size) })
  }

  private func quantities(_ sentence: Sentence, _ edges: [EdgeSet], size: Int) throws -> [Double] {
    func words(at alphas: [Float]) -> (TokenBatch, Tensor) {
      let batch = SentenceStates.batch([sentence], places: alphas.count)
      return (
        batch, SentenceStates.words([sentence], at: alphas, model.embeddings, length: batch.length)
      )
    }
    let (start, startWords) = words(at: [0])
    let counterfactual = try EdgePass(model, start, check: check).sources(words: startWords)
    let progress = Progress(total: edges.count, report)
    var values: [Double] = []
    for first in stride(from: 0, to: edges.count, by: size) {
      let part = Array(edges[first..<min(first + size, edges.count)])
      let (batch, own) = words(at: part.map { _ in 1 })
      let target = sentence.positions[sentence.target]
      let states = try EdgePass(model, batch, check: check).states(
        at: part.indices.map { ($0, target) }, edges: part, counterfactual: counterfactual,
        rows: part.map { _ in 0 }, words: own)
      let head = try model.head(for: sentence.quantity)
      values += try head.values(of: part.map { _ in sentence.quantity }, at: states.pointer, check: check)
      progress.advance(by: part.count)
    }
    progress.finish()
    return values
  }
}
