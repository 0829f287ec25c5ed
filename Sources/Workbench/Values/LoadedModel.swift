import Checkpoints
import Transformers
import ExactText
import Faults
import Files
import Language
import Results
import Tensors
import Tokenization

extension Checkpoint: WeightSource {}

/// A model with everything that belongs to it. Immutable; its weights may be in memory or not.
package final class LoadedModel: ObjectValue {
  package let name: String
  /// What it was loaded by: `demo`, `hf:org/name`, a path.
  package let specifier: String
  package let folder: ModelFolder
  package let configuration: TransformerConfiguration
  package let tokenizer: Tokenizer
  package let hasLanguageHead: Bool
  package let hasClassifier: Bool
  private let weights: ModelWeights
  /// The vocabulary: no value of a script holds it.
  private let uncounted: UncountedMemory
  /// Whether an adapter for the model lies beside it.
  let hasAdapter: Bool

  /// The network, which is read where it is not in memory.
  ///
  /// - Throws: as ``init(specifier:name:checkingWeights:environment:beforeWeights:)``.
  package var transformer: Transformer { get throws { try weights.transformer } }

  /// Reads a folder; nothing is kept of it when a part is malformed.
  ///
  /// - Parameters:
  ///   - specifier: as ``ModelLocator`` reads it: `demo`, `hf:org/name`, a path.
  ///   - checkingWeights: read every weight and refuse NaN and infinity.
  ///   - beforeWeights: called with the model's name when all but its weights is read and found well-formed.
  package init(
    specifier: String, name: String?, checkingWeights: Bool, environment: [String: String],
    beforeWeights: (_ name: String) -> Void = { _ in }
  ) throws {
    let path = try ModelLocator.folder(for: specifier, environment: environment)
    let ((folder, configuration, tokenizer), uncounted) = try UncountedMemory.measuring {
      let folder = try ModelFolder(path: path)
      let (configuration, tokenizer) = try folder.locating { try Self.settings(of: folder) }
      return (folder, configuration, tokenizer)
    }
    if checkingWeights { try folder.checkpoint.verifyFinite() }
    self.name = name ?? folder.name
    self.specifier = specifier
    (self.folder, self.configuration, self.tokenizer) = (folder, configuration, tokenizer)
    self.uncounted = uncounted
    hasAdapter = try folder.contents(of: "adapter_config.json") != nil
    weights = ModelWeights(of: folder, configuration)
    beforeWeights(name ?? folder.name)
    let transformer = try weights.transformer
    (hasLanguageHead, hasClassifier) = (transformer.hasLanguageHead, transformer.hasClassifier)
  }

  var hasWeightsInMemory: Bool { weights.areInMemory }

  /// Frees the memory of the weights until they are asked for.
  func freeWeights() { weights.free() }

  private static func settings(
    of folder: ModelFolder
  ) throws -> (TransformerConfiguration, Tokenizer) {
    let configuration = try folder.decode("config.json") {
      try TransformerConfiguration(from: $0, weights: folder.checkpoint.names)
    }
    let tokenizer = try tokenizer(of: folder, configuration)
    guard tokenizer.vocabulary.count <= configuration.vocabulary else {
      throw ModelFault.vocabularySize(tokens: tokenizer.vocabulary.count, rows: configuration.vocabulary)
    }
    return (configuration, tokenizer)
  }

  /// A folder without any file of a tokenizer has an empty one: texts are given by ids then.
  private static func tokenizer(
    of folder: ModelFolder, _ configuration: TransformerConfiguration
  ) throws -> Tokenizer {
    do {
      return try Tokenizer.load(
        Tokenizer.Files(folder.contents), positions: configuration.maxPositions,
        rows: configuration.vocabulary)
    } catch TokenizationFault.vocabularyMissing(let others) where others.isEmpty {
      return try Tokenizer.none(positions: configuration.maxPositions)
    }
  }

  package var typeName: String { "model" }

  package var isCausal: Bool { configuration.isCausal }

  /// What the head that reads words is called.
  var languageHeadTitle: String { isCausal ? "causal-LM head" : "masked-LM head" }

  package var summary: String {
    let c = configuration
    let language = isCausal ? "causal LM" : "masked LM"
    let heads = [
      hasLanguageHead ? language : nil, hasClassifier ? "classifier" : nil,
    ]
    .compactMap { $0 }
    return "\(name): \(c.family.rawValue), \(c.layers) layers, \(headCounts), hidden \(c.hidden), "
      + "\(pieces), \(c.maxPositions) positions; "
      + (heads.isEmpty ? "bare \(isCausal ? "decoder" : "encoder")" : heads.joined(separator: " and "))
  }

  private var headCounts: String {
    let c = configuration
    return "\(c.heads) heads" + (c.keyHeads < c.heads ? " (\(c.keyHeads) of keys and values)" : "")
  }

  /// The rows of the word embeddings, unless some belong to no piece.
  private var pieces: String {
    let (tokens, rows) = (tokenizer.vocabulary.count, configuration.vocabulary)
    guard tokenizer.hasVocabulary else { return "\(rows) entries without a tokenizer" }
    let what = tokenizer.marksBlanks ? "tokens" : "word pieces"
    return "\(tokens) \(what)" + (tokens < rows ? " in \(rows) rows" : "")
  }

  package var fields: Record {
    let c = configuration
    return [
      "name": .string(name), "family": .string(c.family.rawValue), "layers": Value(c.layers),
      "heads": Value(c.heads), "key_heads": Value(c.keyHeads),
      "head_size": Value(c.headSize), "hidden": Value(c.hidden),
      "intermediate": Value(c.intermediate), "vocabulary": Value(c.vocabulary),
      "positions": Value(c.maxPositions), "activation": .string(c.activation.rawValue),
      "masked_lm": .bool(hasLanguageHead && !isCausal),
      "causal_lm": .bool(hasLanguageHead && isCausal),
      "classifier": .bool(hasClassifier),
      "labels": .list(hasClassifier ? c.labels.map(Value.string) : []),
      "fingerprint": .string(folder.fingerprint), "path": .string(folder.path),
    ]
  }
}
