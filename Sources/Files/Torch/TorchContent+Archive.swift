import ExactText
import Faults

/// The form since torch 1.6: a ZIP archive of entries that are not compressed, NAME/data.pkl and NAME/data/KEY for each storage,
/// NAME/byteorder since 2.1, NAME/version.
/// https://github.com/pytorch/pytorch/blob/main/caffe2/serialize/inline_container.h
extension TorchContent {
  init(archive file: MappedFile) throws {
    let archive = try StoredArchive(file)
    do {
      let prefix = try Self.prefix(of: archive)
      try Self.checkForm(of: archive, prefix)
      let name = "\(prefix)/data.pkl"
      let range = try archive.range(of: name) ?? 0..<0
      let (heap, root) = try Self.pickle(in: file, range, named: name)
      self.init(
        path: file.path, heap: heap, root: root,
        storages: try Self.storages(of: heap, in: archive, prefix),
        headerRanges: [range, archive.directoryRange])
    } catch let problem as TorchProblem { throw FileFault.torch(file: file.path, problem) }
  }

  private static func prefix(of archive: StoredArchive) throws -> String {
    let suffix = "/data.pkl"
    let names = try archive.names.interruptibleFilter {
      $0.hasSuffix(suffix) && !$0.dropLast(suffix.count).contains("/") && $0.utf8.count > suffix.utf8.count
    }
    guard let name = names.first, names.count == 1 else { throw TorchProblem.noPickle(count: names.count) }
    return String(name.dropLast(suffix.count))
  }

  private static func checkForm(of archive: StoredArchive, _ prefix: String) throws {
    if try archive.range(of: "\(prefix)/constants.pkl") != nil { throw TorchProblem.torchScript }
    if let order = try text(of: "\(prefix)/byteorder", in: archive), order != "little" {
      throw order == "big" ? TorchProblem.bigEndian : .version("byte order \(quoted(order))")
    }
    if let version = try text(of: "\(prefix)/version", in: archive) {
      guard let number = Int(version.filter { $0 != "\n" }), (1...10).contains(number) else {
        throw TorchProblem.version(quoted(version))
      }
    }
  }

  /// Of a short entry.
  private static func text(of name: String, in archive: StoredArchive) throws -> String? {
    guard let range = try archive.range(of: name) else { return nil }
    let bytes = try archive.file.bytes(in: range.prefix(20), reading: quoted(name))
    return showingInvalidBytes(bytes)
  }

  private static func pickle(
    in file: MappedFile, _ range: Range<Int>, named name: String
  ) throws -> (PickleHeap, PickleValue) {
    var machine = PickleMachine(PickleBytes(file, range))
    do {
      let root = try machine.run()
      return (machine.heap, root)
    } catch let problem as PickleProblem { throw TorchProblem.pickle(part: name, problem) }
  }

  private static func storages(
    of heap: PickleHeap, in archive: StoredArchive, _ prefix: String
  ) throws -> NameTable<StorageExtent> {
    var (extents, steps): (NameTable<StorageExtent>, Steps) = ([:], Steps())
    for (key, storage) in try heap.distinctStorages() {
      try steps.next()
      guard let range = try archive.range(of: "\(prefix)/data/\(key)") else {
        throw TorchProblem.noStorage(key: key)
      }
      let found = range.count / storage.type.size
      guard storage.elements <= found else {
        throw TorchProblem.storageSize(key: key, expected: storage.elements, found: found)
      }
      extents.update(
        StorageExtent(dtype: storage.type, start: range.lowerBound, elements: storage.elements), named: key)
    }
    return extents
  }
}
