import Transformers
import Faults

/// Tells how a quantity of interest comes about: which input words, and which paths through the network.
///
/// Influences are exact derivatives along a path of inputs, averaged over its points. One batched forward and one
/// hand-written reverse pass serve all words; see ``EmbeddingSearch`` and ``AttentionSearch``.
///
/// - Complexity: both levels for all words cost about five forward passes over the same points; when the points do
///   not fit the memory budget together, up to six more.
///
/// An attributor keeps the memory of its last computation, at most the memory budget, for the next one.
public struct Attributor: Sendable {
  public let model: Transformer
  let execution: Execution
  let memory = TapeMemory()

  /// - Parameter execution: whether what is asked is computed, or only counted.
  public init(model: Transformer, execution: Execution = .running) {
    (self.model, self.execution) = (model, execution)
  }

  /// Integrated gradients of each input's words.
  ///
  /// - Parameters:
  ///   - check: Called between library calls; what it throws ends the computation.
  ///   - progress: Told the finished share.
  /// - Throws: ``AttributionFault``, `TransformerFault` for ids or lengths the model cannot take.
  public func inputInfluence(
    _ inputs: [AttributionInput], options: AttributionOptions = AttributionOptions(),
    check: @escaping InterruptionCheck, progress: @escaping ProgressReport = { _ in }
  ) throws -> [InputInfluence] {
    if options.choosesPoints {
      return try settledPoints(inputs, options: options, check: check, progress: progress)
    }
    let request = try Request(self, inputs, options, check: check, progress: progress)
    return try execution.perform(request.inputInfluence())
  }

  /// The patterns of each input's words, at one level or both.
  public func patterns(
    _ inputs: [AttributionInput], options: AttributionOptions = AttributionOptions(),
    check: @escaping InterruptionCheck, progress: @escaping ProgressReport = { _ in }
  ) throws -> [SentencePatterns] {
    if options.choosesPoints {
      return try settledPatterns(inputs, options: options, check: check, progress: progress)
    }
    let request = try Request(self, inputs, options, check: check, progress: progress)
    return try execution.perform(request.patterns())
  }

  /// The influence of any patterns, by one masked tangent pass for each: a forward pass's cost.
  ///
  /// The influences of a pattern's refinements by all nodes of one row, or by all heads and skip connections of one
  /// layer, add up to its own. Options that concern searches are ignored.
  public func influence(
    of patterns: [PathPattern], in input: AttributionInput,
    options: AttributionOptions = AttributionOptions(),
    check: @escaping InterruptionCheck, progress: @escaping ProgressReport = { _ in }
  ) throws -> [Double] {
    let request = try Request(self, [input], options, check: check, progress: progress)
    return try execution.perform(request.influence(of: patterns))
  }

  /// What flows through each hidden state and head when all words move.
  public func conductance(
    _ inputs: [AttributionInput], options: AttributionOptions = AttributionOptions(),
    check: @escaping InterruptionCheck, progress: @escaping ProgressReport = { _ in }
  ) throws -> [Conductance] {
    let request = try Request(self, inputs, options, check: check, progress: progress)
    return try execution.perform(request.conductance())
  }
}
