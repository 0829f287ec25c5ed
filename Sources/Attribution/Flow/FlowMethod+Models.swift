import Transformers

extension FlowMethod {
  /// - Throws: ``AttributionFault/flowUndefined(_:reason:instead:)`` for a model or interventions that the method is not for.
  func check(_ model: Transformer, _ interventions: Interventions) throws {
    let norms = model.blocks.map(\.norms)
    let isPostNorm = norms.allSatisfy { $0.attentionSum != nil && $0.feedForwardSum != nil }
    switch self {
    case .rollout, .maxflow, .path, .norm, .valuezeroing: return
    case .alti:
      guard isPostNorm else { throw undefined(Self.preNorm, instead: .ifr) }
    case .decompx:
      guard isPostNorm else { throw undefined(Self.preNorm, instead: .ifr) }
      guard interventions.isEmpty else {
        throw undefined(
          "what is replaced comes from no token, so the parts do not add up to the states", instead: nil)
      }
    case .ifr:
      guard !isPostNorm else {
        throw undefined(
          "norms come after its sums, so that no state is a sum of what was added", instead: .alti)
      }
      guard norms.allSatisfy({ $0.afterAttention == nil && $0.afterFeedForward == nil }) else {
        throw undefined(
          "its branches are normed before they are added, so that no head has a part of its own", instead: nil
        )
      }
      guard !model.blocks.contains(where: \.isParallel) else {
        throw undefined("its branches run in parallel, so that there is no state between them", instead: nil)
      }
    }
  }

  private static let preNorm =
    "it takes apart what norms make of sums, and the norms of this model come before its branches"

  private func undefined(_ reason: String, instead: FlowMethod?) -> AttributionFault {
    .flowUndefined(self, reason: reason, instead: instead)
  }
}
