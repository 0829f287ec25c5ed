import ExactText
import Faults
import Files
import Tensors

/// The named tensors of one or several safetensors files.
///
/// The files are memory-mapped: opening reads the headers, a tensor's data is read when it is asked for. Safe
/// to use from several threads.
public final class Checkpoint: Sendable {
  /// The file the checkpoint was opened by: the safetensors file or the index.
  public let path: String
  let shards: [Shard]
  private let places: NameTable<Int>

  typealias Shard = SafetensorsFile

  /// Opens one safetensors file.
  ///
  /// - Throws: ``FileFault`` when it is unreadable or malformed.
  public convenience init(safetensors path: String) throws {
    try self.init(path: path, shards: [Shard(path: path)])
  }

  init(path: String, shards: [Shard]) throws {
    var places: NameTable<Int> = [:]
    for (index, shard) in shards.enumerated() {
      for name in try shard.header.entries.keys.interruptibleSorted(by: { $0 < $1 }) {
        if let other = places[name] {
          let files = [shards[other], shard].map { lastComponent($0.file.path) }
          throw CheckpointFault.index(file: path, .inTwoShards(tensor: name, files[0], files[1]))
        }
        places[name] = index
      }
    }
    (self.path, self.shards, self.places) = (path, shards, places)
    names = try places.keys.interruptibleSorted { $0 < $1 }
  }

  /// The tensors' names, sorted.
  public let names: [String]

  /// The sizes of a tensor, outermost first; nil when there is none of that name.
  public func shape(of name: String) -> [Int]? { entry(of: name)?.shape }

  /// The stored element type; nil when there is no tensor of that name.
  public func dtype(of name: String) -> DType? { entry(of: name)?.dtype }

  /// Bytes of all tensors as stored.
  public var byteCount: Int { shards.reduce(0) { $0 + $1.file.size - $1.header.dataStart } }

  /// Bytes of all tensors as Float32.
  public var floatBytes: Int {
    shards.reduce(0) { sum, shard in
      shard.header.entries.values.reduce(sum) { $0 + $1.elements * MemoryLayout<Float>.stride }
    }
  }

  /// A tensor, converted to Float32 from F64 (rounded to nearest), F32, F16 or BF16 (both exact).
  ///
  /// - Throws: ``CheckpointFault`` when there is no such tensor, its type does not convert, or the file was
  ///   written to since it was opened.
  public func tensor(named name: String) throws -> Tensor {
    guard let place = places[name], let entry = shards[place].header.entries[name] else {
      throw CheckpointFault.noTensor(name: name, file: path, closest: closest(to: name, in: names))
    }
    return try shards[place].tensor(entry, named: name)
  }

  private func entry(of name: String) -> TensorEntry? {
    places[name].flatMap { shards[$0].header.entries[name] }
  }
}
