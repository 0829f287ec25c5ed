import Transformers
import Tensors

/// Weights held in memory under any names.
struct NamedWeights: WeightSource {
  var tensors: [String: Tensor]

  init(_ source: some WeightSource) throws {
    tensors = [:]
    for name in source.names { tensors[name] = try source.tensor(named: name) }
  }

  var names: [String] { Array(tensors.keys) }

  func shape(of name: String) -> [Int]? { tensors[name]?.shape }

  func tensor(named name: String) throws -> Tensor { tensors[name]! }

  /// The same tensors under other names.
  func renamed(_ rename: (String) -> String) -> NamedWeights {
    var copy = self
    copy.tensors = Dictionary(uniqueKeysWithValues: tensors.map { (rename($0), $1) })
    return copy
  }
}

extension Architecture {
  static let words = Architecture(name: "BertForMaskedLM")
  static let sentenceClassifier = Architecture(name: "BertForSequenceClassification")
  static let tokenClassifier = Architecture(name: "BertForTokenClassification")
  static let multipleChoice = Architecture(name: "BertForMultipleChoice")
}
