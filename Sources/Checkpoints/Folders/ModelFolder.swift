import ExactText
import Faults
import Files

/// A model in Hugging Face layout: `config.json`, weights, and the tokenizer's files.
public struct ModelFolder: Sendable {
  public let path: String

  public let checkpoint: Checkpoint

  /// 64 hexadecimal digits that identify the contents; equal folders have equal fingerprints, wherever they lie.
  ///
  /// A SHA-256 of names, sizes, what files of weights say of their tensors, and samples of the contents of the configuration, the
  /// weights and the tokenizer's files: small files whole, large ones 32 blocks of 4 KiB. Cheap, and enough to tell
  /// models apart; not a proof that every weight is the same.
  public let fingerprint: String

  /// Opens a folder, or a `.safetensors` or `.bin` file with a `config.json` beside it.
  ///
  /// The weights are the first of ``weightFiles`` that is there.
  ///
  /// - Throws: ``CheckpointFault`` when a file is missing, with a list of what is there, or malformed.
  public init(path: String) throws {
    let folder = isFolder(path) ? path : parentFolder(path)
    let weights = isFolder(path) ? Self.weights(in: path) : path
    guard isFolder(folder), isFolder(path) || WeightsFormat.isRead(path) else {
      throw CheckpointFault.noFolder(path: path, closest: nil)
    }
    var missing = isFile("\(folder)/config.json") ? [] : ["config.json"]
    if weights.map(isFile) != true { missing.append(lastComponent(weights ?? "model.safetensors")) }
    guard let weights, missing.isEmpty else {
      throw CheckpointFault.incomplete(
        folder: folder, missing: missing, found: Self.listing(of: folder),
        hint: FolderHint(folder: folder).text)
    }
    if FolderHint.adapterFiles.contains(lastComponent(weights)) {
      throw CheckpointFault.adapter(file: weights)
    }
    self.path = folder
    checkpoint =
      weights.hasSuffix(".index.json")
      ? try Checkpoint(indexFile: weights) : try Checkpoint(file: weights)
    fingerprint = try Self.fingerprint(of: folder, weights: weights, checkpoint)
  }

  /// The last component of the path; for a snapshot in the Hugging Face cache the repository's name.
  public var name: String {
    let components = (resolvedPath(path) ?? path).split(separator: "/").map(String.init)
    if let repository = components.dropLast(2).last, components.dropLast().last == "snapshots",
      repository.hasPrefix("models--")
    {
      return repository.split(separator: "--").last.map(String.init) ?? repository
    }
    return components.last ?? path
  }

  /// Decodes a JSON file of the folder, e.g. `config.json`.
  ///
  /// - Throws: ``CheckpointFault`` naming the file with line and column of a syntax error, or the key path, what was
  ///   expected there and what was found; errors that `T` itself throws pass unchanged.
  public func decode<T: Decodable>(_ type: T.Type, from file: String) throws -> T {
    try decode(file) { try T(from: $0) }
  }

  /// The same by a function that reads what the file holds.
  public func decode<T>(_ file: String, by read: (any Decoder) throws -> T) throws -> T {
    guard let bytes = try contents(of: file) else {
      throw FileFault.unreadable(path: "\(path)/\(file)", reason: "No such file or directory")
    }
    return try decodeJSON(from: bytes, file: "\(path)/\(file)", by: read)
  }

  /// The bytes of a file of the folder; nil when there is none of that name.
  public func contents(of file: String) throws -> [UInt8]? {
    try contentsOfFile("\(path)/\(file)")
  }

  /// In the order in which transformers looks for them.
  static let weightFiles = [
    "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
  ]

  private static func weights(in folder: String) -> String? {
    weightFiles.map { "\(folder)/\($0)" }.first(where: isFile)
  }

  /// What an error says is in a folder: at most 12 names, links that lead nowhere as such.
  private static func listing(of folder: String) -> [String] {
    let names = namesInFolder(folder)
    let listed = names.prefix(12).map { name in
      isFile("\(folder)/\(name)") || isFolder("\(folder)/\(name)") ? name : "\(name) (a broken link)"
    }
    return listed + (names.count > 12 ? ["and \(names.count - 12) more"] : [])
  }

  private static let tokenizerFiles = [
    "vocab.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    "vocab.json", "merges.txt",
  ]

  private static func fingerprint(
    of folder: String, weights: String, _ checkpoint: Checkpoint
  ) throws -> String {
    var fingerprint = Fingerprint()
    let files = ["config.json", "generation_config.json"] + tokenizerFiles
    for file in files.map({ "\(folder)/\($0)" }).filter(isFile) { try fingerprint.add(file) }
    if weights.hasSuffix(".index.json") { try fingerprint.add(weights) }
    for shard in checkpoint.shards {
      try fingerprint.add(shard.file.path)
      try fingerprint.add(headerOf: shard)
    }
    return fingerprint.finalize()
  }
}
