import Faults
import Tensors

extension Transformer {
  /// Runs the encoder, and the heads that are asked for.
  ///
  /// Padding keys get probability exactly 0, so each row's values equal those of the row on its own, up to
  /// rounding (1e-5). NaN in the weights spreads as the formulas say.
  ///
  /// - Parameter check: Called between library calls, a few milliseconds apart; what it throws ends the run.
  /// - Throws: ``TransformerFault`` for an empty batch, an id, type or position out of range, a row of padding only, or a
  ///   head the model lacks; ``PlaceFault`` for a site or node that is not there.
  public func forward(
    _ batch: TokenBatch, _ request: ForwardRequest, check: @escaping InterruptionCheck
  ) throws -> ForwardResult {
    try plan(batch, request, check: check).run()
  }

  /// The same from word embeddings (B, n, e) instead of those of the batch's ids.
  package func forward(
    _ batch: TokenBatch, words: Tensor?, _ request: ForwardRequest, check: @escaping InterruptionCheck
  ) throws -> ForwardResult {
    try plan(batch, words: words, request, check: check).run()
  }

  /// The pass before it is made.
  public func plan(
    _ batch: TokenBatch, _ request: ForwardRequest, check: @escaping InterruptionCheck
  ) throws -> Plan<ForwardResult> { try plan(batch, words: nil, request, check: check) }

  package func plan(
    _ batch: TokenBatch, words: Tensor?, _ request: ForwardRequest, check: @escaping InterruptionCheck
  ) throws -> Plan<ForwardResult> {
    try batch.validate(for: configuration)
    try request.validate(for: batch, self)
    if let words {
      precondition(
        words.shape == [batch.rows, batch.length, configuration.embeddingSize], "words of \(words.shape)")
    }
    let extent = ForwardExtent(self, request, batch)
    if request.patchesEdges {
      guard request.capture.isEmpty, request.start == nil else { throw EdgeFault.noActivations }
      return Plan(
        work: { extent.work }, form: { extent.form },
        run: { try PatchedPass(extent, batch, words, check).run() })
    }
    return Plan(
      work: { extent.work }, form: { extent.form },
      run: { try ForwardPass(extent, batch, check).run(words: words) })
  }
}
