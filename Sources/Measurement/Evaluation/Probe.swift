import Transformers

/// One question to a model: what a quantity is for a sequence, and whether that is right.
public struct Probe: Sendable {
  /// (n) each.
  public var ids: [Int32]
  public var types: [Int32]
  /// The position that the quantity is read at; 0 for one of the classifier.
  public var target: Int
  public var quantity: QuantityOfInterest
  /// The answer is right when all of these are above 0.
  public var criteria: [QuantityOfInterest]
  /// What is replaced while the model runs.
  public var interventions: Interventions

  /// - Parameter criteria: `quantity` alone when nil.
  public init(
    ids: [Int32], types: [Int32], target: Int, quantity: QuantityOfInterest,
    criteria: [QuantityOfInterest]? = nil, interventions: Interventions = .none
  ) {
    precondition(ids.count == types.count, "\(ids.count) ids, \(types.count) types")
    self.ids = ids
    self.types = types
    self.target = target
    self.quantity = quantity
    self.criteria = criteria ?? [quantity]
    self.interventions = interventions
  }
}

/// What a model says to a ``Probe``.
public struct Outcome: Sendable, Equatable {
  /// The quantity.
  public let value: Double
  public let isCorrect: Bool

  public init(value: Double, isCorrect: Bool) {
    self.value = value
    self.isCorrect = isCorrect
  }
}
