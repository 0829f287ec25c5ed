import ExactText

/// The sizes of a BERT encoder (post-layer-norm, absolute positions) and what its heads mean.
public struct BertConfiguration: Sendable, Equatable {
  /// What the checkpoint was saved from; empty where it does not say.
  public var architectures: [Architecture]
  /// Whether `model_type` says that this is a BERT; else the names of its weights have to.
  package var statesModelType = false
  /// L, blocks.
  public var layers: Int
  /// d, width of the residual stream.
  public var hidden: Int
  /// A, attention heads of a layer.
  public var heads: Int
  /// I, width of the feed-forward block.
  public var intermediate: Int
  /// V, word embeddings.
  public var vocabulary: Int
  /// Longest sequence, in tokens.
  public var maxPositions: Int
  /// Token types (segments).
  public var types: Int
  public var activation: Activation
  /// Added to the variance in layer norms.
  public var epsilon: Float
  public var padToken: Int
  /// Whether the masked-LM decoder is the word embeddings when the checkpoint stores no decoder.
  public var tiesEmbeddings: Bool
  public var labels: ClassLabels
  /// What the classifier was trained for, where the checkpoint says so.
  public var statedProblemType: ProblemType?

  /// How class logits are read: as the `text-classification` pipeline of transformers reads them, for which a
  /// classifier with one class that is no regression has an independent class.
  public var problemType: ProblemType {
    statedProblemType ?? (labels.count == 1 ? .multiLabel : .singleLabel)
  }

  /// Whether a `classifier` in the checkpoint judges texts; where nothing is said it is taken for one.
  var classifiesSentences: Bool { architectures.isEmpty || architectures.contains(.sentenceClassifier) }

  /// dh = d / A, width of a head.
  public var headSize: Int { hidden / heads }

  /// The defaults are those of Hugging Face's `BertConfig`, which has bert-base's sizes.
  public init(
    layers: Int = 12, hidden: Int = 768, heads: Int = 12, intermediate: Int = 3072,
    vocabulary: Int = 30522, maxPositions: Int = 512, types: Int = 2,
    activation: Activation = .gelu, epsilon: Float = 1e-12, padToken: Int = 0,
    tiesEmbeddings: Bool = true, labels: ClassLabels = ["LABEL_0", "LABEL_1"],
    statedProblemType: ProblemType? = nil, architectures: [Architecture] = []
  ) {
    self.layers = layers
    self.hidden = hidden
    self.heads = heads
    self.intermediate = intermediate
    self.vocabulary = vocabulary
    self.maxPositions = maxPositions
    self.types = types
    self.activation = activation
    self.epsilon = epsilon
    self.padToken = padToken
    self.tiesEmbeddings = tiesEmbeddings
    self.labels = labels
    self.statedProblemType = statedProblemType
    self.architectures = architectures
  }

  /// - Throws: ``EncoderFault`` for a size that is not positive, or heads that do not divide `hidden`.
  func validate() throws {
    let sizes = [
      ("num_hidden_layers", layers), ("hidden_size", hidden), ("num_attention_heads", heads),
      ("intermediate_size", intermediate), ("vocab_size", vocabulary),
      ("max_position_embeddings", maxPositions), ("type_vocab_size", types),
    ]
    for (key, size) in sizes where size <= 0 {
      throw EncoderFault.invalidField(key, expected: "a positive number", found: "\(size)")
    }
    if statedProblemType == .singleLabel, labels.count == 1 {
      throw EncoderFault.invalidField(
        "problem_type", expected: "more than one label for single_label_classification", found: "1")
    }
    guard epsilon.isFinite, epsilon >= 0 else {
      throw EncoderFault.invalidField("layer_norm_eps", expected: "a number from 0", found: "\(epsilon)")
    }
    guard hidden.isMultiple(of: heads) else {
      throw EncoderFault.hiddenNotDivisible(hidden: hidden, heads: heads)
    }
  }
}
