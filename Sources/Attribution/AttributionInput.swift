import Transformers

/// One sentence and what is to be explained about it.
public struct AttributionInput: Sendable {
  /// (n) each; `mask` is true for a real token, false for padding.
  public var ids: [Int32]
  public var types: [Int32]
  public var mask: [Bool]
  /// t, the position whose output the quantity reads; 0 for a quantity of the classifier.
  public var target: Int
  public var quantity: QuantityOfInterest
  /// Where the path begins.
  public var baseline: Baseline
  /// What is replaced at every point of the path, by positions of the padded input. Replaced values do not depend on the
  /// place on the path, so nothing flows through them: influences, candidates and conductances of a replaced node are 0.
  public var interventions: Interventions

  /// - Precondition: as many types and mask entries as ids.
  public init(
    ids: [Int32], types: [Int32], mask: [Bool]? = nil, target: Int, quantity: QuantityOfInterest,
    baseline: Baseline, interventions: Interventions = .none
  ) {
    let mask = mask ?? Array(repeating: true, count: ids.count)
    precondition(types.count == ids.count && mask.count == ids.count, "one type and mask entry per id")
    self.ids = ids
    self.types = types
    self.mask = mask
    self.target = target
    self.quantity = quantity
    self.baseline = baseline
    self.interventions = interventions
  }
}

/// The word embeddings b that a path of inputs starts from; it ends at the sentence's own, x.
///
///     word_i(alpha) = b_i + alpha (x_i - b_i),  alpha from 0 to 1
///
/// Only word embeddings move: position and type embeddings are added afterwards.
public struct Baseline: Sendable, Equatable {
  public enum Content: Sendable, Equatable {
    /// The same token at every position, usually [MASK] or [PAD].
    case token(Int)
    /// (n), the token of each position of the padded input: a counterfactual text.
    case tokens([Int32])
    /// A zero vector.
    case zero
  }

  public var content: Content
  /// Positions whose baseline is their own word embedding, so that they do not move.
  public var keep: Set<Int>

  public init(_ content: Content, keep: Set<Int> = []) {
    self.content = content
    self.keep = keep
  }
}

extension Baseline.Content {
  /// The entry whose embedding the path starts from at a position of the padded input; nil for zero.
  func token(at position: Int) -> Int? {
    switch self {
    case .token(let token): token
    case .tokens(let tokens): Int(tokens[position])
    case .zero: nil
    }
  }
}
