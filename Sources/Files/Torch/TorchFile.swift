import ExactText
import Faults
import Tensors

/// The named tensors of a file of `torch.save(state_dict)`, as a ZIP archive (since torch 1.6) or in the form before that.
///
/// The file is memory-mapped: opening reads the pickle that describes the tensors, a tensor's data is read when it is asked
/// for. Nothing of the pickle is run; see ``PickleMachine``. Safe to use from several threads.
package struct TorchFile: TensorFile {
  package let file: MappedFile
  let entries: NameTable<TorchEntry>
  package let dataBytes: Int
  package let headerRanges: [Range<Int>]

  /// - Throws: ``FileFault``, ``Interrupted``, ``HeldMemoryFault``.
  package init(path: String) throws {
    file = try MappedFile(path: path, ifEmpty: .torch(file: path, .empty))
    let content = try Self.content(of: file)
    (dataBytes, headerRanges) = (content.dataBytes, content.headerRanges)
    entries = try content.entries(fileSize: file.size)
    try file.checkUnchanged(reading: "the pickle")
  }

  private static func content(of file: MappedFile) throws -> TorchContent {
    let start = try file.bytes(in: 0..<min(512, file.size), reading: "the file")
    func fault(_ problem: TorchProblem) -> FileFault { .torch(file: file.path, problem) }
    if start.starts(with: "PK".utf8) { return try TorchContent(archive: file) }
    if start.starts(with: [0x80]) { return try TorchContent(sequence: file) }
    if start.starts(with: "version ".utf8) { throw fault(.gitLFSPointer) }
    // POSIX 1003.1, ustar: at byte 257 of the first header.
    let isTar = start.count > 262 && start[257...].starts(with: "ustar".utf8)
    throw fault(isTar ? .tar : .notTorch)
  }

  package var tensorNames: NameList { entries.keys }

  package func description(of name: String) -> TensorDescription? {
    entries[name].map { TensorDescription(dtype: $0.dtype, shape: $0.shape) }
  }

  package func tensor(named name: String) throws -> Tensor {
    guard let entry = entries[name] else { preconditionFailure("no tensor \(name)") }
    guard entry.dtype.isConvertible else {
      throw FileFault.tensor(file: file.path, name: name, .notConvertible(entry.dtype))
    }
    let part = "tensor \(quoted(name))"
    let tensor = try Tensor(shape: entry.shape) { target in
      guard let base = target.baseAddress, !target.isEmpty else { return }
      if entry.isContiguous {
        try file.readFloats(entry.dtype, at: entry.start, count: target.count, to: base, reading: part)
      } else {
        try StridedReader(file: file, entry: entry, target: base, part: part).read()
      }
    }
    try file.checkUnchanged(reading: part)
    return tensor
  }
}
