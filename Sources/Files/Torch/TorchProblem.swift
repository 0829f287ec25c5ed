import ExactText
import Faults

/// What can be wrong with a pickle; offsets count from its start, in the files before torch 1.6 from the file's.
package enum PickleProblem: Error, Equatable, Sendable {
  case endsEarly(at: Int)
  case tooLong
  case opcode(UInt8, at: Int)
  case global(String, at: Int)
  case unexpected(at: Int, expected: String, found: String)

  var sentence: String {
    switch self {
    case .endsEarly(let offset): "byte \(offset): expected more of the pickle, found its end"
    case .tooLong: "expected a pickle of at most \(PickleBytes.longest) bytes, found a longer one"
    case .opcode(let byte, let offset):
      "byte \(offset): expected an instruction that state dictionaries need, found "
        + (PickleOpcode.name(of: byte) ?? "byte 0x\(String(byte, radix: 16, uppercase: true))")
    case .global(let name, let offset):
      "byte \(offset): expected what tensors by name are made of, found a call for \(quoted(name))"
    case .unexpected(let offset, let expected, let found):
      "byte \(offset): expected \(expected), found \(found)"
    }
  }
}

/// What can be wrong with a file that torch has written.
package enum TorchProblem: Error, Equatable, Sendable {
  case empty
  case gitLFSPointer
  case notTorch
  case tar
  case torchScript
  case bigEndian
  case version(String)
  case noPickle(count: Int)
  /// `part` is the pickle's name in the archive.
  case pickle(part: String?, PickleProblem)
  case notTensors(found: String)
  case notATensor(name: String, found: String)
  case noStorage(key: String)
  case storageTypes(key: String, DType, DType)
  case storageSize(key: String, expected: Int, found: Int)
  case endsEarly(what: String, expected: Int, found: Int)
  case trailing(bytes: Int)

  var sentence: String {
    switch self {
    case .empty: "expected a file of torch.save, found an empty file"
    case .gitLFSPointer: "expected a file of torch.save, found a Git LFS pointer to it"
    case .notTorch: "expected a file of torch.save, found neither a ZIP archive nor a pickle"
    case .tar: "expected a file of torch.save since 0.1.10, found a tar archive"
    case .torchScript: "expected a state dictionary, found a TorchScript program"
    case .bigEndian: "expected numbers in little-endian order, found big-endian ones"
    case .version(let found): "expected a file of torch.save in version 1 to 10, found \(found)"
    case .noPickle(let count): "expected one entry NAME/data.pkl, found \(count)"
    case .pickle(let part, let problem):
      (part.map { "\(shortened($0, to: 100).escapingControls), " } ?? "") + problem.sentence
    case .notTensors(let found): "expected a dictionary of tensors, found \(found)"
    case .notATensor(let name, let found): "\(Self.name(name)): expected a tensor, found \(found)"
    case .noStorage(let key): "expected the data of storage \(Self.name(key)), found none"
    case .storageTypes(let key, let first, let second):
      "storage \(Self.name(key)): expected one type, found \(first.rawValue) and \(second.rawValue)"
    case .storageSize(let key, let expected, let found):
      "storage \(Self.name(key)): expected \(counted(expected, "element")), found \(found)"
    case .endsEarly(let what, let expected, let found):
      "\(what): expected \(counted(expected, "byte")), found \(found) before the end of the file"
    case .trailing(let bytes):
      "expected to end with the last storage, found \(counted(bytes, "byte")) after it"
    }
  }

  /// A name may be as long as the file.
  private static func name(_ text: String) -> String { quoted(shortened(text, to: 100)) }

  private static let saveAlone =
    "save the weights alone: torch.save(model.state_dict(), file), or model.save_pretrained(folder)"

  var remedy: String? {
    switch self {
    case .gitLFSPointer: "fetch the real file with: git lfs pull"
    case .tar, .torchScript, .bigEndian: Self.saveAlone
    case .pickle(_, .global), .pickle(_, .opcode), .notTensors: Self.saveAlone
    case .notATensor(_, let found) where found.hasPrefix("a dictionary"):
      "the dictionaries that a training saves hold the weights under a key: "
        + "save them alone with torch.save(checkpoint[key], file)"
    case .notATensor: Self.saveAlone
    default: nil
    }
  }
}
