import Attribution
import Transformers

/// One sentence of an experiment: what goes in, what is asked about it, and what it is an instance of.
public struct ExperimentRow: Sendable {
  /// (n) each.
  public var ids: [Int32]
  public var types: [Int32]
  /// t: the position that the quantity is read at; 0 for one of the classifier.
  public var target: Int
  public var quantity: QuantityOfInterest
  /// The model's answer is right when all of these are above 0.
  public var criteria: [QuantityOfInterest]
  /// Where the path to the sentence begins.
  public var baseline: Baseline
  /// What is replaced in the network that the experiment is about.
  public var interventions: Interventions

  /// - Parameter criteria: `quantity` alone when nil.
  public init(
    ids: [Int32], types: [Int32], target: Int, quantity: QuantityOfInterest,
    criteria: [QuantityOfInterest]? = nil, baseline: Baseline, interventions: Interventions = .none
  ) {
    precondition(types.count == ids.count, "\(ids.count) ids, \(types.count) types")
    (self.ids, self.types, self.target) = (ids, types, target)
    (self.quantity, self.criteria) = (quantity, criteria ?? [quantity])
    (self.baseline, self.interventions) = (baseline, interventions)
  }

  var length: Int { ids.count }

  var input: AttributionInput {
    AttributionInput(
      ids: ids, types: types, target: target, quantity: quantity, baseline: baseline,
      interventions: interventions)
  }

  var sequence: ActivationRun.Sequence {
    ActivationRun.Sequence(ids: ids, types: types, interventions: interventions)
  }

  /// - Parameter more: Replacements on top of the row's own.
  func probe(_ more: Interventions = .none) -> Probe {
    Probe(
      ids: ids, types: types, target: target, quantity: quantity, criteria: criteria,
      interventions: interventions.followed(by: more))
  }
}
