import ExactText
import Faults
import Files
import Tensors

/// The named tensors of one or several files: safetensors, or state dictionaries of `torch.save`.
///
/// The files are memory-mapped: opening reads what they say of their tensors, a tensor's data is read when it is asked for. Safe
/// to use from several threads.
public final class Checkpoint: Sendable {
  /// The file the checkpoint was opened by: the file of weights or the index.
  public let path: String
  let shards: [Shard]
  private let places: NameTable<Int>

  typealias Shard = any TensorFile

  /// Opens one file of weights: of torch when it is called `.bin`, else safetensors.
  ///
  /// - Throws: ``FileFault`` when it is unreadable or malformed.
  public convenience init(file path: String) throws {
    try self.init(path: path, shards: [Self.shard(path)])
  }

  /// Opens one safetensors file, whatever it is called.
  ///
  /// - Throws: ``FileFault`` when it is unreadable or malformed.
  public convenience init(safetensors path: String) throws {
    try self.init(path: path, shards: [SafetensorsFile(path: path)])
  }

  static func shard(_ path: String) throws -> Shard {
    path.hasSuffix(".bin") ? try TorchFile(path: path) : try SafetensorsFile(path: path)
  }

  init(path: String, shards: [Shard]) throws {
    var places: NameTable<Int> = [:]
    for (index, shard) in shards.enumerated() {
      for name in try shard.tensorNames.interruptibleSorted(by: { $0 < $1 }) {
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
  public func shape(of name: String) -> [Int]? { description(of: name)?.shape }

  /// The stored element type; nil when there is no tensor of that name.
  public func dtype(of name: String) -> DType? { description(of: name)?.dtype }

  /// Bytes of all tensors as stored.
  public var byteCount: Int { shards.reduce(0) { $0 + $1.dataBytes } }

  /// Bytes as Float32 of all tensors that convert; buffers of whole numbers are not read.
  public var floatBytes: Int {
    names.lazy.compactMap(description).filter(\.dtype.isConvertible).reduce(0) { sum, tensor in
      // Tensors of a malformed file may share what they are made of.
      let (bytes, overflow) = sum.addingReportingOverflow(tensor.elements * MemoryLayout<Float>.stride)
      return overflow ? .max : bytes
    }
  }

  /// A tensor, converted to Float32 from F64 (rounded to nearest), F32, F16 or BF16 (both exact).
  ///
  /// - Throws: ``CheckpointFault`` when there is no such tensor, its type does not convert, or the file was
  ///   written to since it was opened.
  public func tensor(named name: String) throws -> Tensor {
    guard let place = places[name] else {
      throw CheckpointFault.noTensor(name: name, file: path, closest: closest(to: name, in: names))
    }
    return try shards[place].tensor(named: name)
  }

  private func description(of name: String) -> TensorDescription? {
    places[name].flatMap { shards[$0].description(of: name) }
  }
}
