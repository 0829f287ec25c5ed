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

/// A model with everything that belongs to it. Immutable.
package final class LoadedModel: ObjectValue {
  package let name: String
  /// What it was loaded by: `demo`, `hf:org/name`, a path.
  package let specifier: String
  package let folder: ModelFolder
  package let transformer: Transformer
  package let tokenizer: Tokenizer
  /// Weights and vocabulary: no value of a script holds them.
  private let uncounted: UncountedMemory
  /// Whether an adapter for the model lies beside it.
  let hasAdapter: Bool

  package var configuration: TransformerConfiguration { transformer.configuration }

  /// Reads a folder; nothing is kept of it when a part is malformed.
  ///
  /// - Parameters:
  ///   - specifier: as ``ModelLocator`` reads it: `demo`, `hf:org/name`, a path.
  ///   - checkingWeights: read every weight and refuse NaN and infinity.
  package init(specifier: String, name: String?, checkingWeights: Bool, environment: [String: String]) throws
  {
    let path = try ModelLocator.folder(for: specifier, environment: environment)
    let (parts, uncounted) = try UncountedMemory.measuring {
      let folder = try ModelFolder(path: path)
      try ProcessMemory.require(folder.checkpoint.floatBytes)
      return (folder, try Self.parts(of: folder, checkingWeights))
    }
    (folder, (tokenizer, transformer)) = parts
    self.uncounted = uncounted
    hasAdapter = try folder.contents(of: "adapter_config.json") != nil
    self.name = name ?? folder.name
    self.specifier = specifier
  }

  /// Faults of a part say which folder it came from.
  private static func parts(of folder: ModelFolder, _ checksWeights: Bool) throws -> (Tokenizer, Transformer)
  {
    do {
      let configuration = try folder.decode("config.json") {
        try TransformerConfiguration(from: $0, weights: folder.checkpoint.names)
      }
      let tokenizer = try tokenizer(of: folder, configuration)
      guard tokenizer.vocabulary.count <= configuration.vocabulary else {
        throw ModelFault.vocabularySize(
          tokens: tokenizer.vocabulary.count, rows: configuration.vocabulary)
      }
      if checksWeights { try folder.checkpoint.verifyFinite() }
      return (tokenizer, try Transformer(configuration: configuration, weights: folder.checkpoint))
    } catch let fault as any Fault where !(fault is CheckpointFault || fault is FileFault) {
      throw FolderFault(folder: folder.path, fault: fault)
    }
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
      transformer.hasLanguageHead ? language : nil, transformer.hasClassifier ? "classifier" : nil,
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
      "masked_lm": .bool(transformer.hasLanguageHead && !isCausal),
      "causal_lm": .bool(transformer.hasLanguageHead && isCausal),
      "classifier": .bool(transformer.hasClassifier),
      "labels": .list(transformer.hasClassifier ? c.labels.map(Value.string) : []),
      "fingerprint": .string(folder.fingerprint), "path": .string(folder.path),
    ]
  }
}

/// A part of a model folder that does not fit; the checkpoint's own faults name their file themselves.
private struct FolderFault: Fault {
  let folder: String
  let fault: any Fault

  var code: String { fault.code }
  var message: String { "\(folder): \(fault.message)" }
  var remedy: String? { fault.remedy }
}
