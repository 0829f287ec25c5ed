import ExactText
import Faults
import Tensors

/// What can be wrong with a model or with what it is given.
public enum TransformerFault: Fault, Equatable {
  // The configuration
  case unsupportedModel(String)
  case unsupportedArchitecture(String)
  case unsupportedWeights(String)
  case unsupportedPositions(String)
  case unsupportedDecoder(String)
  case unsupportedActivation(String, String)
  /// A field of config.json with a value that changes the computation into one not made here.
  case uncomputedField(String, found: String, computed: String)
  case invalidField(String, expected: String, found: String)
  case hiddenNotDivisible(hidden: Int, heads: Int)
  // The weights
  case missingTensor(String, shape: [Int], closest: String?)
  case wrongShape(String, expected: [Int], found: [Int])
  case vocabularyMismatch(configured: Int, found: Int)
  case weightsOfNoFamily(example: String?)
  /// The name of the pooler's weight; whether the configuration says that texts are classified.
  case classifierWithoutPooler(String, isStated: Bool)
  // The input
  case emptyBatch(rows: Int, length: Int)
  case tooManyPositions(Int, maximum: Int)
  case tokenOutOfVocabulary(Int32, row: Int, position: Int, vocabulary: Int)
  case typeOutOfRange(Int32, row: Int, position: Int, types: Int)
  case noRealToken(row: Int)
  // The request
  case rowOutsideBatch(Int, rows: Int)
  case positionOutsideRow(Int, row: Int, length: Int)
  case missingHead(ModelHead)

  public var code: String {
    switch self {
    case .unsupportedModel: "model-type-unsupported"
    case .unsupportedArchitecture: "model-architecture-unsupported"
    case .unsupportedWeights: "model-weights-unsupported"
    case .unsupportedPositions: "model-positions-unsupported"
    case .unsupportedDecoder: "model-decoder-unsupported"
    case .unsupportedActivation: "model-activation-unsupported"
    case .uncomputedField: "model-field-uncomputed"
    case .invalidField: "model-field-invalid"
    case .hiddenNotDivisible: "model-heads-do-not-divide"
    case .missingTensor: "weight-missing"
    case .wrongShape: "weight-shape-wrong"
    case .vocabularyMismatch: "weight-vocabulary-mismatch"
    case .weightsOfNoFamily: "weights-of-no-family"
    case .classifierWithoutPooler: "classifier-without-pooler"
    case .emptyBatch: "input-empty"
    case .tooManyPositions: "input-too-long"
    case .tokenOutOfVocabulary: "input-token-out-of-vocabulary"
    case .typeOutOfRange: "input-type-out-of-range"
    case .noRealToken: "input-row-all-padding"
    case .rowOutsideBatch: "row-outside-batch"
    case .positionOutsideRow: "position-outside-row"
    case .missingHead: "model-head-missing"
    }
  }

  public var message: String {
    switch self {
    case .unsupportedModel(let type):
      "config.json: model_type is \"\(type)\", which is none of the supported: "
        + Family.allCases.flatMap(\.definition.modelTypes).joined(separator: ", ")
    case .unsupportedArchitecture(let name):
      "config.json: architectures names \"\(name)\", which is of no supported family: "
        + Family.allCases.map(\.rawValue).joined(separator: ", ")
    case .unsupportedWeights(let key):
      "config.json: \(key) is set, but only whole models of floating point numbers are supported"
    case .unsupportedPositions(let type):
      "config.json: position_embedding_type is \"\(type)\", but only \"absolute\" is supported"
    case .unsupportedDecoder(let key):
      "config.json: \(key) is true, but of this family only the usual form without cross attention is supported"
    case .uncomputedField(let key, let found, let computed):
      "config.json: \(key) is \(found), which changes the computation; computed here: \(computed)"
    case .unsupportedActivation(let key, let name):
      "config.json: \(key) is \"\(name)\", but only "
        + "\(Activation.huggingFaceNames.joined(separator: ", ")) are supported"
    case .invalidField(let key, let expected, let found):
      "config.json: \(key): expected \(expected), found \(found)"
    case .hiddenNotDivisible(let hidden, let heads):
      "config.json: hidden_size \(hidden) is not a multiple of num_attention_heads \(heads)"
    case .missingTensor(let name, let shape, _):
      "the checkpoint has no tensor \"\(name)\" (expected shape \(shape.asShape))"
    case .wrongShape(let name, let expected, let found):
      "tensor \"\(name)\" has shape \(found.asShape), expected \(expected.asShape) from config.json"
    case .vocabularyMismatch(let configured, let found):
      "config.json says vocab_size \(configured), but the checkpoint has \(found) word embeddings"
    case .weightsOfNoFamily(let example):
      "config.json says neither model_type nor architectures, and the names of the tensors are those of no family"
        + (example.map { ", e.g. \"\($0)\"" } ?? "")
    case .classifierWithoutPooler(let pooler, let isStated):
      (isStated ? "config.json names BertForSequenceClassification" : "the checkpoint has a classifier")
        + ", but there is no tensor \"\(pooler)\", which a classifier of texts reads"
    case .emptyBatch(let rows, let length):
      "nothing to run: the batch has \(rows) rows of \(length) tokens"
    case .tooManyPositions(let length, let maximum):
      "the input has \(length) tokens, but the model has \(maximum) positions"
    case .tokenOutOfVocabulary(let id, let row, let position, let vocabulary):
      "token id \(id) at row \(row), position \(position) is out of the vocabulary 0...\(vocabulary - 1)"
    case .typeOutOfRange(let type, let row, let position, let types):
      "token type \(type) at row \(row), position \(position) is out of range 0...\(types - 1)"
    case .noRealToken(let row):
      "row \(row) of the batch is all padding"
    case .rowOutsideBatch(let row, let rows):
      "row \(row) is out of range 0...\(rows - 1)"
    case .positionOutsideRow(let position, let row, let length):
      "position \(position) is out of range 0...\(length - 1) in row \(row)"
    case .missingHead(let head):
      "the model has no \(head.title): its checkpoint has no tensors of one"
    }
  }

  public var remedy: String? {
    switch self {
    case .missingTensor(_, _, let closest): closest.map { "did you mean \"\($0)\"?" }
    case .tooManyPositions: "shorten the input"
    case .classifierWithoutPooler(_, isStated: false):
      "if it classifies tokens, \"architectures\": [\"BertForTokenClassification\"] in config.json loads the encoder"
    default: nil
    }
  }
}

/// A part of a model that not every checkpoint has.
public enum ModelHead: String, Sendable, CaseIterable {
  case words, pooler, classifier

  var title: String {
    switch self {
    case .words: "language model head"
    case .pooler: "pooler"
    case .classifier: "classifier"
    }
  }

}
