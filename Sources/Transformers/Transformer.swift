import ExactText
import Faults
import Tensors

/// A transformer with the heads its checkpoint has, for inference.
public final class Transformer: Sendable {
  /// What a checkpoint holds.
  package struct Parts: Sendable {
    package var embeddings: Embeddings
    package var blocks: [Block]
    /// Of the last block's output; nil in post-norm models.
    package var finalNorm: Norm?
    package var language: ReadoutHead?
    /// What a classifier reads, also where there is no classifier.
    package var pooler: ReadoutHead.Transform?
    package var classifier: Linear?
  }

  public let configuration: TransformerConfiguration
  package let embeddings: Embeddings
  package let blocks: [Block]
  package let finalNorm: Norm?
  package let language: ReadoutHead?
  package let pooler: ReadoutHead.Transform?
  package let classifier: Linear?

  public var hasLanguageHead: Bool { language != nil }
  public var hasPooler: Bool { pooler != nil }
  public var hasClassifier: Bool { classifier != nil }

  /// Takes the weights under Hugging Face's names, with or without the prefix of the bare model's. Heads are those of which
  /// the checkpoint has tensors and that the configuration does not say to be others.
  ///
  /// - Throws: ``TransformerFault`` for a missing tensor or a wrong shape, and what `weights` throws.
  public init(configuration: TransformerConfiguration, weights: some WeightSource) throws {
    try configuration.validate()
    let definition = configuration.family.definition
    let reader = WeightReader(weights, prefix: definition.prefix, epsilon: configuration.epsilon)
    let parts = try definition.parts(reader, configuration)
    self.configuration = configuration
    embeddings = parts.embeddings
    blocks = parts.blocks
    finalNorm = parts.finalNorm
    language = parts.language
    (pooler, classifier) = (parts.pooler, parts.classifier)
  }

  /// A model of ``RandomWeights``.
  public static func random(
    configuration: TransformerConfiguration, seed: UInt64, words: Bool, classifier: Bool,
    deviation: Float = 0.02
  ) throws -> Transformer {
    let weights = try RandomWeights(
      configuration: configuration, seed: seed, words: words, classifier: classifier, deviation: deviation)
    return try Transformer(configuration: configuration, weights: weights)
  }

  /// What reads a quantity from the last hidden states, after the final norm.
  package func head(for quantity: QuantityOfInterest) throws -> ReadoutHead {
    if quantity.readsLabels {
      guard let classifier else { throw TransformerFault.missingHead(.classifier) }
      return ReadoutHead(transform: pooler, decoder: classifier)
    }
    guard let language else { throw TransformerFault.missingHead(.words) }
    return language
  }
}

extension TransformerConfiguration {
  /// Where the classifier reads a text whose tokens are marked in `mask`: at its first token; in causal models at its last one
  /// that is not the padding token, whichever they are marked, or at the first where there is no other.
  ///
  /// - Parameter ids: as many as `mask` has elements
  public func classifiedPosition(
    _ ids: some RandomAccessCollection<Int32>, _ mask: some RandomAccessCollection<Bool>
  ) -> Int {
    let real = zip(ids, mask).enumerated().filter(\.element.1)
    let first = real.first?.offset ?? 0
    guard isCausal else { return first }
    return real.last { $0.element.0 != padToken.map(Int32.init(truncatingIfNeeded:)) }?.offset ?? first
  }
}
