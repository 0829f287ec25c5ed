import ExactText
import Faults
import Files

extension Checkpoint {
  /// Opens the shards that an index (`model.safetensors.index.json`, `pytorch_model.bin.index.json`) lists; they lie beside it.
  ///
  /// Tensors in a shard that the index does not list are kept, as Hugging Face transformers does.
  ///
  /// - Throws: ``CheckpointFault`` for a malformed index, a missing or malformed shard, a tensor that is not in
  ///   the shard that the index names, or one that is in two shards.
  public convenience init(indexFile path: String) throws {
    let weightMap = try Self.weightMap(of: path)
    let files = NameList(weightMap.values).sorted()
    let folder = parentFolder(path)
    let shards = try files.map { file in
      guard isFile("\(folder)/\(file)") else {
        let tensors = weightMap.filter { $0.value == file }.count
        throw CheckpointFault.index(file: path, .missingShard(file, tensors: tensors))
      }
      return try Self.shard("\(folder)/\(file)")
    }
    let byFile = NameTable(uniqueKeysWithValues: zip(files, shards))
    for (tensor, file) in weightMap.sorted(by: { $0.key < $1.key })
    where byFile[file]?.description(of: tensor) == nil {
      throw CheckpointFault.index(file: path, .notInShard(tensor: tensor, file))
    }
    try self.init(path: path, shards: shards)
  }

  private struct Index: Decodable {
    let weight_map: NameTable<String>
  }

  private static func weightMap(of path: String) throws -> NameTable<String> {
    guard let bytes = try contentsOfFile(path) else {
      throw FileFault.unreadable(path: path, reason: "No such file or directory")
    }
    let map = try decodeJSON(Index.self, from: bytes, file: path).weight_map
    guard !map.isEmpty else { throw CheckpointFault.index(file: path, .empty) }
    // A shard elsewhere would let an index reach any file of the machine.
    for (tensor, file) in map.sorted(by: { $0.key < $1.key }) where file.contains("/") || file.isEmpty {
      throw CheckpointFault.index(file: path, .notAFileName(tensor: tensor, file))
    }
    return map
  }
}

/// What can be wrong with the index of a sharded checkpoint.
public enum IndexProblem: Equatable, Sendable {
  case empty
  case notAFileName(tensor: String, String)
  case missingShard(String, tensors: Int)
  case notInShard(tensor: String, String)
  case inTwoShards(tensor: String, String, String)

  var sentence: String {
    switch self {
    case .empty: "weight_map: expected tensors, found none"
    case .notAFileName(let tensor, let file):
      "weight_map, \(quoted(tensor)): expected the name of a file in the same folder, found \(quoted(file))"
    case .missingShard(let file, let tensors):
      "expected \(file) with \(counted(tensors, "tensor")) in the same folder, found no such file"
    case .notInShard(let tensor, let file):
      "tensor \(quoted(tensor)): expected in \(file), found no tensor of that name"
    case .inTwoShards(let tensor, let first, let second):
      "tensor \(quoted(tensor)): expected in one shard, found in \(first) and \(second)"
    }
  }
}
