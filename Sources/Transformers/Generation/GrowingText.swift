import Faults
import Tensors

/// A text in a causal model that grows token by token: the first tokens run together, each further one alone, reading the keys
/// and values that those before it have left. Logits are those of a pass over the whole text so far, up to rounding.
///
/// Replacements of nodes without a position act on every token, those at a position when the text gets there.
public final class GrowingText {
  /// n, tokens so far.
  public var length: Int { cache.length }
  /// Tokens that it has room for.
  public var capacity: Int { cache.capacity }
  private let cache: KeyValueCache

  private init(_ cache: KeyValueCache) { self.cache = cache }

  /// The pass over the first tokens: the text, and the logits (V) of what follows them.
  ///
  /// - Parameter capacity: Tokens that the text may grow to, at most the model's positions.
  /// - Throws: ``TransformerFault`` for ids that the model cannot take, or no language model head; ``PlaceFault`` for a node that is
  ///   not there.
  /// - Precondition: the model is causal; there is a replacement's value at every position that it has.
  public static func plan(
    _ model: Transformer, ids: [Int32], capacity: Int, interventions: Interventions = .none,
    check: @escaping InterruptionCheck
  ) throws -> Plan<(text: GrowingText, logits: Tensor)> {
    precondition(model.configuration.isCausal, "only texts of causal models grow")
    guard capacity <= model.configuration.maxPositions else {
      throw TransformerFault.tooManyPositions(capacity, maximum: model.configuration.maxPositions)
    }
    precondition(ids.count <= capacity, "\(ids.count) tokens for \(capacity)")
    try interventions.validate(length: capacity, model.configuration)
    let pass = try model.plan(
      TokenBatch(sequences: [(ids: ids, types: ids.map { _ in 0 })], padToken: 0),
      request(ids.count, model, interventions), check: check)
    return Plan(
      work: { pass.work.holding(KeyValueCache.bytes(tokens: capacity, in: model.configuration)) },
      form: { begin(model, pass.form, ids, capacity, interventions) },
      run: { begin(model, try pass.run(), ids, capacity, interventions) })
  }

  private static func request(
    _ length: Int, _ model: Transformer, _ interventions: Interventions
  ) -> ForwardRequest {
    let own = Interventions(
      interventions.replacements.filter { $0.node.position.map { $0 < length } ?? true },
      cuts: interventions.cuts.filter { max($0.edge.reader, $0.edge.read) < length })
    return ForwardRequest(
      capture: KeyValueCache.sites(in: model.configuration), wordPositions: [(0, length - 1)],
      interventions: own.isEmpty ? [] : [own])
  }

  private static func begin(
    _ model: Transformer, _ result: ForwardResult, _ ids: [Int32], _ capacity: Int,
    _ interventions: Interventions
  ) -> (text: GrowingText, logits: Tensor) {
    guard let logits = result.wordLogits else { preconditionFailure("logits were asked for") }
    let cache = KeyValueCache(model, capacity: capacity, interventions)
    cache.fill(result.activations, length: ids.count)
    return (GrowingText(cache), logits[0])
  }

  /// Bytes that a text needs with the passes that it grows by, weights apart.
  ///
  /// - Parameters:
  ///   - length: of the first tokens
  ///   - capacity: tokens that it may grow to
  public static func memory(
    _ model: Transformer, length: Int, capacity: Int, interventions: Interventions = .none
  ) -> Int {
    let first = ForwardExtent(model, request(length, model, interventions), rows: 1, length: length)
    return first.memory + KeyValueCache.bytes(tokens: capacity, in: model.configuration)
  }

  /// Runs one token more; the logits (V) of what follows it.
  ///
  /// - Throws: ``TransformerFault`` for an id that the vocabulary lacks, and what `check` throws: the text is as it was then.
  /// - Precondition: there is room for it.
  public func append(_ id: Int32, check: @escaping InterruptionCheck) throws -> Tensor {
    precondition(length < capacity, "the text has grown to \(capacity) tokens")
    let vocabulary = cache.model.configuration.vocabulary
    guard 0..<vocabulary ~= Int(id) else {
      throw TransformerFault.tokenOutOfVocabulary(id, row: 0, position: length, vocabulary: vocabulary)
    }
    let result = try ForwardPass(id, behind: cache, check).run(words: nil)
    guard let logits = result.wordLogits else { preconditionFailure("logits were asked for") }
    cache.advance()
    return logits[0]
  }

  /// What running the tokens at some positions takes.
  static func work(_ positions: Range<Int>, in configuration: TransformerConfiguration) -> Work {
    positions.reduce(Work()) {
      $0 + configuration.layersWork(tokens: 1, outputs: 1, length: $1 + 1)
        + configuration.headWork(rows: 1, allWords: true)
    }
  }
}

extension Work {
  /// The same while `bytes` are held.
  fileprivate func holding(_ bytes: Int) -> Work {
    var work = self
    work.bytes += bytes
    return work
  }
}
