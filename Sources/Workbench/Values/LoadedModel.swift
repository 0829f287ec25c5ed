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
  package let encoder: Transformer
  package let tokenizer: Tokenizer
  /// Weights and vocabulary: no value of a script holds them.
  private let uncounted: UncountedMemory
  /// Whether an adapter for the model lies beside it.
  let hasAdapter: Bool

  package var configuration: TransformerConfiguration { encoder.configuration }

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
    (folder, (tokenizer, encoder)) = parts
    self.uncounted = uncounted
    hasAdapter = try folder.contents(of: "adapter_config.json") != nil
    self.name = name ?? folder.name
    self.specifier = specifier
  }

  /// Faults of a part say which folder it came from.
  private static func parts(of folder: ModelFolder, _ checksWeights: Bool) throws -> (Tokenizer, Transformer)
  {
    do {
      let configuration = try folder.decode(TransformerConfiguration.self, from: "config.json")
      let tokenizer = try Tokenizer.load(
        Tokenizer.Files(folder.contents), positions: configuration.maxPositions,
        rows: configuration.vocabulary)
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

  package var typeName: String { "model" }

  package var summary: String {
    let c = configuration
    let heads = [encoder.hasLanguageHead ? "masked LM" : nil, encoder.hasClassifier ? "classifier" : nil]
      .compactMap { $0 }
    return "\(name): BERT, \(c.layers) layers, \(c.heads) heads, hidden \(c.hidden), "
      + "\(pieces), \(c.maxPositions) positions; "
      + (heads.isEmpty ? "bare encoder" : heads.joined(separator: " and "))
  }

  /// The rows of the word embeddings, unless some belong to no piece.
  private var pieces: String {
    let (tokens, rows) = (tokenizer.vocabulary.count, configuration.vocabulary)
    return "\(tokens) word pieces" + (tokens < rows ? " in \(rows) rows" : "")
  }

  package var fields: Record {
    let c = configuration
    return [
      "name": .string(name), "layers": Value(c.layers), "heads": Value(c.heads),
      "head_size": Value(c.headSize), "hidden": Value(c.hidden),
      "intermediate": Value(c.intermediate), "vocabulary": Value(c.vocabulary),
      "positions": Value(c.maxPositions), "activation": .string(c.activation.rawValue),
      "masked_lm": .bool(encoder.hasLanguageHead), "classifier": .bool(encoder.hasClassifier),
      "labels": .list(encoder.hasClassifier ? c.labels.map(Value.string) : []),
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
