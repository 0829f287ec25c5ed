import Faults
import Tensors

/// Continues a text in a causal model.
public struct Generation {
  public struct Token: Sendable, Equatable {
    public let id: Int32
    /// That the model gives it, of the whole vocabulary, however it was chosen.
    public let probability: Double

    public init(id: Int32, probability: Double) { (self.id, self.probability) = (id, probability) }
  }

  /// Why a text goes on no further.
  public enum Ending: String, Sendable {
    /// It has as many tokens as were asked for.
    case length
    /// Its last token ends texts.
    case endOfText = "end of text"
    /// The model has no position for its last token.
    case positions
  }

  /// Logits that are no numbers choose nothing.
  public struct UnclearLogits: Error {
    public let logits: Tensor
  }

  public let model: Transformer
  /// Of the text that is continued.
  public let ids: [Int32]
  /// Tokens to add at most.
  public let limit: Int
  public let choice: TokenChoice
  public let seed: Int
  /// Tokens behind which nothing comes.
  public let ends: Set<Int32>
  public let interventions: Interventions
  /// Bytes that may be held, weights apart.
  public let memoryBudget: Int
  public let check: InterruptionCheck

  /// - Precondition: the model is causal, there is a token, and at least one to add.
  public init(
    model: Transformer, ids: [Int32], limit: Int, choice: TokenChoice = .greedy, seed: Int = 0,
    ends: Set<Int32> = [], interventions: Interventions = .none, memoryBudget: Int = .max,
    check: @escaping InterruptionCheck
  ) {
    precondition(!ids.isEmpty && limit > 0, "\(limit) tokens behind \(ids.count)")
    (self.model, self.ids, self.limit, self.choice) = (model, ids, limit, choice)
    (self.seed, self.ends, self.interventions) = (seed, ends, interventions)
    (self.memoryBudget, self.check) = (memoryBudget, check)
  }

  /// Tokens of the text that go through the network: all but the last, as far as there are positions.
  public static func tokensRun(_ length: Int, adding limit: Int, in configuration: TransformerConfiguration)
    -> Int
  {
    let most = configuration.maxPositions
    return max(length, limit > most - length ? most : length + limit - 1)
  }

  private var capacity: Int { Self.tokensRun(ids.count, adding: limit, in: model.configuration) }

  /// - Parameter each: Called with each token as soon as it is chosen.
  /// - Throws: `MemoryFault`, what ``GrowingText/plan(_:ids:capacity:interventions:check:)`` throws; the run ``UnclearLogits`` and
  ///   what `each` and `check` throw.
  public func plan(_ each: @escaping (Token) throws -> Void) throws -> Plan<Ending> {
    let bytes = GrowingText.memory(
      model, length: ids.count, capacity: capacity, interventions: interventions)
    guard bytes <= memoryBudget else { throw MemoryFault(needed: bytes, budget: memoryBudget) }
    let first = try GrowingText.plan(
      model, ids: ids, capacity: capacity, interventions: interventions, check: check)
    return Plan(
      work: { first.work + GrowingText.work(ids.count..<capacity, in: model.configuration) },
      form: { .length }, run: { try run(first, each) })
  }

  private func run(
    _ first: Plan<(text: GrowingText, logits: Tensor)>, _ each: (Token) throws -> Void
  ) throws -> Ending {
    var sampler = TokenSampler(choice, seed: seed)
    var (text, logits) = try first.run()
    for count in 1...limit {
      let token = try next(logits, &sampler)
      try each(token)
      if ends.contains(token.id) { return .endOfText }
      if count == limit { break }
      guard text.length < text.capacity else { return .positions }
      logits = try text.append(token.id, check: check)
    }
    return .length
  }

  private func next(_ logits: Tensor, _ sampler: inout TokenSampler) throws -> Token {
    try logits.withUnsafeBufferPointer { values in
      guard values.allSatisfy(\.isFinite) else { throw UnclearLogits(logits: logits) }
      let id = sampler.next(values)
      return Token(id: Int32(id), probability: probability(values[id], logSumExp(values)))
    }
  }
}
