import ExactText

/// The sizes of a model, the kind of its blocks, and what its heads mean.
public struct TransformerConfiguration: Sendable, Equatable {
  public var family: Family
  /// What the checkpoint was saved from; empty where it does not say.
  public var architectures: [Architecture]
  /// L, blocks.
  public var layers: Int
  /// d, width of the residual stream.
  public var hidden: Int
  /// A, attention heads of a layer.
  public var heads: Int
  /// G, where fewer heads of keys and values are shared by groups of query heads.
  public var statedKeyHeads: Int?
  /// dh, where it is not d / A.
  public var statedHeadSize: Int?
  /// I, width of the feed-forward branch.
  public var intermediate: Int
  /// V, word embeddings.
  public var vocabulary: Int
  /// e, width of the word embeddings where it is not d.
  public var statedEmbeddingSize: Int?
  /// Longest sequence, in tokens.
  public var maxPositions: Int
  /// Token types (segments); 0 where the model has none.
  public var types: Int
  public var activation: Activation
  /// Added to the variance in norms.
  public var epsilon: Float
  /// nil where padding has no token of its own.
  public var padToken: Int?
  /// Whether words are decoded by the word embeddings.
  public var tiesEmbeddings: Bool
  public var labels: ClassLabels
  /// What the classifier was trained for, where the checkpoint says so.
  public var statedProblemType: ProblemType?
  public var blocks: BlockKind
  /// Distinct blocks, each shared by as many layers; nil for a block for each layer.
  var statedGroups: Int?
  /// Which linear layers and norms have biases.
  var biases = Biases()
  /// Of the heads' dense layer, where it is not that of the blocks.
  var headActivation = Activation.gelu
  /// What a classifier reads of a text, where the file says so, whether or not the checkpoint has one.
  var statedPooling: String?

  struct Biases: Sendable, Equatable {
    var attention = true
    var feedForward = true
    var norms = true
    var decoder = true
    var head = true
  }

  /// The defaults are those of Hugging Face's `BertConfig`, which has bert-base's sizes.
  public init(
    family: Family = .bert, layers: Int = 12, hidden: Int = 768, heads: Int = 12, intermediate: Int = 3072,
    vocabulary: Int = 30522, maxPositions: Int = 512, types: Int = 2,
    activation: Activation = .gelu, epsilon: Float = 1e-12, padToken: Int? = 0,
    tiesEmbeddings: Bool = true, labels: ClassLabels = ["LABEL_0", "LABEL_1"],
    statedProblemType: ProblemType? = nil, architectures: [Architecture] = [],
    blocks: BlockKind = BlockKind()
  ) {
    self.family = family
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
    self.blocks = blocks
  }
}

extension TransformerConfiguration {
  /// G, heads of keys and values.
  public var keyHeads: Int { statedKeyHeads ?? heads }
  /// dh, width of a head.
  public var headSize: Int { statedHeadSize ?? hidden / heads }
  /// e, width of the word embeddings.
  public var embeddingSize: Int { statedEmbeddingSize ?? hidden }
  /// Whether word embeddings are projected to the residual stream.
  public var projectsWords: Bool { family == .albert || embeddingSize != hidden }
  /// Whether something is added to a word's embedding before its first norm.
  public var addsToWords: Bool { blocks.learnsPositions || types > 0 }
  /// A dh.
  public var queryWidth: Int { heads * headSize }
  /// G dh.
  public var keyWidth: Int { keyHeads * headSize }

  /// How class logits are read: as the `text-classification` pipeline of transformers reads them, for which a
  /// classifier with one class that is no regression has an independent class.
  public var problemType: ProblemType {
    statedProblemType ?? (labels.count == 1 ? .multiLabel : .singleLabel)
  }

  /// Whether a `classifier` in the checkpoint judges texts; where nothing is said it is taken for one.
  var classifiesSentences: Bool {
    architectures.isEmpty || architectures.contains { $0.head == .sentenceClassifier }
  }

  /// The token that rows are filled up with, which nothing reads.
  public var fillingToken: Int { padToken.flatMap { 0..<vocabulary ~= $0 ? $0 : nil } ?? 0 }

  /// Whether a token reads only those before it, so that the last one predicts the next.
  public var isCausal: Bool { blocks.isCausal }

  /// What every family has; later fields are computed from these.
  func validateSizes() throws {
    try requirePositive([
      (family.keys.layers, layers), (family.keys.hidden, hidden), (family.keys.heads, heads),
      ("vocab_size", vocabulary), (family.keys.positions, maxPositions),
    ])
  }

  /// Larger sizes are of no model, and their products would overflow.
  private static let largestSize = 1 << 24

  private func requirePositive(_ sizes: [(key: String, size: Int)]) throws {
    for (key, size) in sizes where !(1...Self.largestSize ~= size) {
      throw TransformerFault.invalidField(
        key, expected: size <= 0 ? "a positive number" : "at most \(Self.largestSize)", found: "\(size)")
    }
  }

  /// - Throws: ``TransformerFault`` for a size that is not positive, or heads that do not divide `hidden`.
  func validate() throws {
    try validateSizes()
    try requirePositive([
      (family.keys.intermediate, intermediate), ("num_key_value_heads", keyHeads),
      ("embedding_size", embeddingSize), (family.keys.positions, maxPositions), ("head_dim", headSize),
    ])
    if statedProblemType == .singleLabel, labels.count == 1 {
      throw TransformerFault.invalidField(
        "problem_type", expected: "more than one label for single_label_classification", found: "1")
    }
    guard epsilon.isFinite, epsilon >= 0 else {
      throw TransformerFault.invalidField(
        family.keys.epsilon, expected: "a number from 0", found: "\(epsilon)")
    }
    guard statedHeadSize != nil || hidden.isMultiple(of: heads) else {
      throw TransformerFault.hiddenNotDivisible(hidden: hidden, heads: heads)
    }
    guard headSize > 0 else {
      throw TransformerFault.invalidField("head_dim", expected: "a positive number", found: "\(headSize)")
    }
    guard heads.isMultiple(of: keyHeads) else {
      throw TransformerFault.invalidField(
        "num_key_value_heads", expected: "a divisor of \(heads) heads", found: "\(keyHeads)")
    }
  }
}
