import ExactText
import Faults

/// The form before torch 1.6: one behind the other the pickles of a magic number, a protocol's number, facts about the machine, the
/// dictionary and the storages' keys; then for each key 8 bytes with the number of elements, and the elements.
/// https://github.com/pytorch/pytorch/blob/main/torch/serialization.py, _legacy_save
extension TorchContent {
  init(sequence file: MappedFile) throws {
    do {
      var bytes = PickleBytes(file, 0..<file.size)
      try Self.checkStart(&bytes)
      let (heap, root) = try Self.pickle(&bytes)
      let keys = try Self.keys(&bytes)
      let headerEnd = bytes.position
      self.init(
        path: file.path, heap: heap, root: root, storages: try Self.storages(of: heap, keys, &bytes),
        headerRanges: [0..<headerEnd])
    } catch let problem as PickleProblem {
      throw FileFault.torch(file: file.path, .pickle(part: nil, problem))
    } catch let problem as TorchProblem { throw FileFault.torch(file: file.path, problem) }
  }

  private static func pickle(_ bytes: inout PickleBytes) throws -> (PickleHeap, PickleValue) {
    var machine = PickleMachine(bytes)
    let root = try machine.run()
    bytes = machine.bytes
    return (machine.heap, root)
  }

  private static func checkStart(_ bytes: inout PickleBytes) throws {
    func value(_ expected: String, _ isRight: (PickleHeap, PickleValue) -> Bool) throws -> (
      PickleHeap, PickleValue
    ) {
      let offset = bytes.offset
      let (heap, value) = try pickle(&bytes)
      guard isRight(heap, value) else {
        throw PickleProblem.unexpected(
          at: offset, expected: expected, found: heap.description(of: value))
      }
      return (heap, value)
    }
    _ = try value("torch's magic number") { if case .magicNumber = $1 { true } else { false } }
    _ = try value("torch's protocol 1001") { if case .integer(1001) = $1 { true } else { false } }
    let (heap, facts) = try value("facts about the machine") {
      if case .dictionary = $1 { true } else { false }
    }
    guard case .dictionary(let number) = facts else { return }
    for (key, value) in heap.dictionaries[number].items where heap.texts[key] == "little_endian" {
      if case .bool(true) = value { continue }
      throw TorchProblem.bigEndian
    }
  }

  private static func keys(_ bytes: inout PickleBytes) throws -> [String] {
    let offset = bytes.offset
    let (heap, value) = try pickle(&bytes)
    func fault(_ found: PickleValue) -> PickleProblem {
      .unexpected(at: offset, expected: "a list of the storages' keys", found: heap.description(of: found))
    }
    guard case .list(let number) = value else { throw fault(value) }
    return try heap.lists[number].interruptibleMap {
      guard case .text(let text) = $0 else { throw fault($0) }
      return heap.texts[text]
    }
  }

  /// The storages stand in the order of the keys.
  private static func storages(
    of heap: PickleHeap, _ keys: [String], _ bytes: inout PickleBytes
  ) throws -> NameTable<StorageExtent> {
    let (file, described) = (bytes.file, try heap.distinctStorages())
    var (extents, steps, position): (NameTable<StorageExtent>, Steps, Int) = ([:], Steps(), bytes.position)
    for key in keys {
      try steps.next()
      guard let storage = described[key], extents[key] == nil else { throw TorchProblem.noStorage(key: key) }
      let extent = try extent(of: storage, key, at: position, in: file)
      extents.update(extent, named: key)
      position = extent.start + extent.elements * extent.dtype.size
    }
    guard position == file.size else { throw TorchProblem.trailing(bytes: file.size - position) }
    return extents
  }

  private static func extent(
    of storage: PickleHeap.Storage, _ key: String, at position: Int, in file: MappedFile
  ) throws -> StorageExtent {
    func fault(_ expected: Int, _ found: Int) -> TorchProblem {
      .endsEarly(what: "storage \(quoted(key))", expected: expected, found: found)
    }
    let left = file.size - position
    guard left >= 8 else { throw fault(8, left) }
    let count = try file.bytes(in: position..<position + 8, reading: "the storages")
      .reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    guard count == UInt64(storage.elements) else {
      throw TorchProblem.storageSize(
        key: key, expected: storage.elements, found: Int(min(count, UInt64(Int.max))))
    }
    let (size, overflow) = storage.elements.multipliedReportingOverflow(by: storage.type.size)
    guard !overflow, size <= left - 8 else { throw fault(overflow ? Int.max : size, left - 8) }
    return StorageExtent(dtype: storage.type, start: position + 8, elements: storage.elements)
  }
}
