import ExactText
import Faults

/// What a file of torch holds: the dictionary that its pickle describes, and where the storages are.
struct TorchContent {
  private let path: String
  private let heap: PickleHeap
  private let root: PickleValue
  /// By the storages' keys.
  private let storages: NameTable<StorageExtent>
  let headerRanges: [Range<Int>]

  /// Bytes of all storages.
  var dataBytes: Int { storages.values.reduce(0) { $0 + $1.elements * $1.dtype.size } }

  init(
    path: String, heap: PickleHeap, root: PickleValue, storages: NameTable<StorageExtent>,
    headerRanges: [Range<Int>]
  ) {
    (self.path, self.heap, self.root, self.storages) = (path, heap, root, storages)
    self.headerRanges = headerRanges
  }

  /// The tensors by name; of values under one name the last counts, as in Python.
  ///
  /// - Throws: ``FileFault`` where the dictionary holds anything but tensors, or a tensor leaves its storage.
  func entries(fileSize: Int) throws -> NameTable<TorchEntry> {
    func fault(_ problem: TorchProblem) -> FileFault { .torch(file: path, problem) }
    guard case .dictionary(let number) = root else {
      throw fault(.notTensors(found: heap.description(of: root)))
    }
    var (entries, steps): (NameTable<TorchEntry>, Steps) = ([:], Steps())
    for (key, value) in heap.dictionaries[number].items {
      try steps.next()
      let name = heap.texts[key]
      guard case .tensor(let tensor) = value else {
        throw fault(.notATensor(name: name, found: heap.description(of: value)))
      }
      let entry = try entry(of: heap.tensors[tensor], named: name, fileSize: fileSize)
      try MemoryBudget.current?.note(2 * entry.shape.count * MemoryLayout<Int>.stride)
      entries.update(entry, named: name)
    }
    return entries
  }

  private func entry(of tensor: PickleHeap.TensorRecord, named name: String, fileSize: Int) throws
    -> TorchEntry
  {
    let storage = heap.storages[tensor.storage]
    do {
      return try extent(of: storage).entry(
        offset: tensor.offset, shape: heap.integers(tensor.shape), strides: heap.integers(tensor.strides),
        fileSize: fileSize)
    } catch let problem as TensorProblem { throw FileFault.tensor(file: path, name: name, problem) }
  }

  /// The storage, or the part of it that the pickle means.
  private func extent(of storage: PickleHeap.Storage) throws -> StorageExtent {
    let key = heap.texts[storage.key]
    guard let whole = storages[key] else { throw FileFault.torch(file: path, .noStorage(key: key)) }
    guard let view = storage.view else { return whole }
    guard view.offset <= whole.elements, view.count <= whole.elements - view.offset else {
      throw FileFault.torch(
        file: path, .storageSize(key: key, expected: view.count, found: max(0, whole.elements - view.offset)))
    }
    return StorageExtent(
      dtype: whole.dtype, start: whole.start + view.offset * whole.dtype.size, elements: view.count)
  }
}

extension PickleHeap {
  /// The storages that the pickle speaks of, each once, in the order of their first mention.
  ///
  /// - Throws: ``TorchProblem/storageTypes(key:_:_:)``, ``TorchProblem/storageSize(key:expected:found:)`` where mentions differ.
  func distinctStorages() throws -> NameTable<Storage> {
    var (distinct, steps): (NameTable<Storage>, Steps) = ([:], Steps())
    for storage in storages {
      try steps.next()
      let key = texts[storage.key]
      guard let first = distinct[key] else {
        distinct.update(storage, named: key)
        continue
      }
      guard first.type == storage.type else {
        throw TorchProblem.storageTypes(key: key, first.type, storage.type)
      }
      guard first.elements == storage.elements else {
        throw TorchProblem.storageSize(key: key, expected: first.elements, found: storage.elements)
      }
    }
    return distinct
  }
}
