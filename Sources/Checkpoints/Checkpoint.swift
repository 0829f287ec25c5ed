import CKernels
import Faults
import Tensors

/// The named tensors of one or several safetensors files.
///
/// The files are memory-mapped: opening reads the headers, a tensor's data is read when it is asked for. Safe
/// to use from several threads.
public final class Checkpoint: Sendable {
  /// The file the checkpoint was opened by: the safetensors file or the index.
  public let path: String
  let shards: [Shard]
  private let places: [String: Int]

  /// One safetensors file.
  struct Shard: Sendable {
    let file: MappedFile
    let header: SafetensorsHeader
  }

  /// Opens one safetensors file.
  ///
  /// - Throws: ``CheckpointFault`` when it is unreadable or malformed.
  public convenience init(safetensors path: String) throws {
    try self.init(path: path, shards: [Shard(path: path)])
  }

  init(path: String, shards: [Shard]) throws {
    var places: [String: Int] = [:]
    for (index, shard) in shards.enumerated() {
      for name in shard.header.entries.keys.sorted() {
        if let other = places.updateValue(index, forKey: name) {
          let files = [shards[other], shard].map { lastComponent($0.file.path) }
          throw CheckpointFault.index(file: path, .inTwoShards(tensor: name, files[0], files[1]))
        }
      }
    }
    (self.path, self.shards, self.places) = (path, shards, places)
  }

  /// The tensors' names, sorted.
  public var names: [String] { places.keys.sorted() }

  /// The tensors' names in the order of their data.
  package var namesInOrder: [String] {
    shards.flatMap { shard in
      shard.header.entries.sorted {
        ($0.value.range.lowerBound, $0.key) < ($1.value.range.lowerBound, $1.key)
      }
      .map(\.key)
    }
  }

  /// Texts that the files hold beside the tensors.
  package var metadata: [String: String] {
    shards.reduce(into: [:]) { $0.merge($1.header.metadata) { first, _ in first } }
  }

  /// A tensor's data as stored, little-endian.
  ///
  /// - Throws: ``CheckpointFault``, as ``tensor(named:)``.
  package func bytes(named name: String) throws -> [UInt8] {
    guard let place = places[name], let entry = shards[place].header.entries[name] else {
      throw CheckpointFault.noTensor(name: name, file: path, closest: closest(to: name, in: names))
    }
    let (file, start) = (shards[place].file, shards[place].header.dataStart)
    let part = "tensor \(quoted(name))"
    let range = (start + entry.range.lowerBound)..<(start + entry.range.upperBound)
    let bytes = try file.bytes(in: range, reading: part)
    try file.checkUnchanged(reading: part)
    return bytes
  }

  /// The sizes of a tensor, outermost first; nil when there is none of that name.
  public func shape(of name: String) -> [Int]? { entry(of: name)?.shape }

  /// The stored element type; nil when there is no tensor of that name.
  public func dtype(of name: String) -> DType? { entry(of: name)?.dtype }

  /// Bytes of all tensors as stored.
  public var byteCount: Int { shards.reduce(0) { $0 + $1.file.size - $1.header.dataStart } }

  /// A tensor, converted to Float32 from F64 (rounded to nearest), F32, F16 or BF16 (both exact).
  ///
  /// - Throws: ``CheckpointFault`` when there is no such tensor, its type does not convert, or the file was
  ///   written to since it was opened.
  public func tensor(named name: String) throws -> Tensor {
    guard let place = places[name], let entry = shards[place].header.entries[name] else {
      throw CheckpointFault.noTensor(name: name, file: path, closest: closest(to: name, in: names))
    }
    return try shards[place].read(entry, named: name)
  }

  private func entry(of name: String) -> TensorEntry? {
    places[name].flatMap { shards[$0].header.entries[name] }
  }
}

extension Checkpoint.Shard {
  init(path: String) throws {
    file = try MappedFile(path: path)
    header = try SafetensorsHeader(of: file)
  }

  func read(_ entry: TensorEntry, named name: String) throws -> Tensor {
    guard entry.dtype.isConvertible else {
      throw CheckpointFault.tensor(file: file.path, name: name, .notConvertible(entry.dtype))
    }
    let part = "tensor \(quoted(name))"
    let tensor = try Tensor(shape: entry.shape) { target in
      guard let base = target.baseAddress, !target.isEmpty else { return }
      try fill(base, from: entry, reading: part)
    }
    try file.checkUnchanged(reading: part)
    return tensor
  }

  private func fill(
    _ target: UnsafeMutablePointer<Float>, from entry: TensorEntry, reading part: String
  ) throws {
    switch entry.dtype {
    case .f32:
      let range = entry.range.lowerBound + header.dataStart..<entry.range.upperBound + header.dataStart
      try file.copy(range, to: target, reading: part)
    case .f16: try convert(entry, to: target, reading: part, with: ck_f16_to_f32)
    case .bf16: try convert(entry, to: target, reading: part, with: ck_bf16_to_f32)
    case .f64: try convert(entry, to: target, reading: part, with: ck_f64_to_f32)
    default: preconditionFailure("\(entry.dtype.rawValue) is not convertible")
    }
  }

  /// Elements converted at a time: the copy between the map, which may be unaligned, and the kernel.
  private static let chunk = 1 << 16

  private func convert<Element: BitwiseCopyable>(
    _ entry: TensorEntry, to target: UnsafeMutablePointer<Float>, reading part: String,
    with kernel: (UnsafePointer<Element>, UnsafeMutablePointer<Float>, Int) -> Void
  ) throws {
    let start = header.dataStart + entry.range.lowerBound
    let stride = MemoryLayout<Element>.stride
    try withUnsafeTemporaryAllocation(of: Element.self, capacity: Self.chunk) { buffer in
      guard let scratch = buffer.baseAddress else { return }
      for first in Swift.stride(from: 0, to: entry.elements, by: Self.chunk) {
        let count = min(Self.chunk, entry.elements - first)
        let begin = start + first * stride
        try file.copy(begin..<begin + count * stride, to: scratch, reading: part)
        kernel(scratch, target + first, count)
      }
    }
  }
}
