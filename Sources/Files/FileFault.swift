import ExactText
import Faults
import JSONReading

/// What can be wrong with files, and with the formats that are read and written here.
package enum FileFault: Fault, Equatable {
  /// `reason` as the system words it.
  case unreadable(path: String, reason: String)
  case cannotWrite(path: String, reason: String)
  case changed(file: String, reading: String)
  /// A safetensors file as a whole, and a tensor of any file of weights.
  case header(file: String, HeaderProblem)
  case tensor(file: String, name: String, TensorProblem)
  /// A file of torch.save.
  case torch(file: String, TorchProblem)
  /// The file, or a part of it, is not as its format says.
  case malformed(ArrayPlace, expected: String, found: String)
  /// `limit` in bytes.
  case tooLarge(ArrayPlace, limit: Int)
  /// The format has it, and it is not read here.
  case unsupported(ArrayPlace, what: String, remedy: String)

  package var code: String {
    switch self {
    case .unreadable: "unreadable"
    case .cannotWrite: "cannot-write"
    case .changed: "checkpoint-changed"
    case .header: "checkpoint-header"
    case .tensor: "checkpoint-tensor"
    case .torch: "checkpoint-pickle"
    case .malformed: "array-file"
    case .tooLarge: "file-too-large"
    case .unsupported: "array-file-unsupported"
    }
  }

  package var message: String {
    switch self {
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    case .cannotWrite(let path, let reason): "cannot write \(path): \(reason)"
    case .changed(let file, let part): "\(file): the file changed while \(part) was read from it"
    case .header(let file, let problem): "\(file): \(problem.sentence)"
    case .tensor(let file, let name, let problem): "\(file): tensor \(quoted(name)): \(problem.sentence)"
    case .torch(let file, let problem): "\(file): \(problem.sentence)"
    case .malformed(let place, let expected, let found): "\(place): expected \(expected), found \(found)"
    case .tooLarge(let place, let limit): "\(place): more than \(limit) bytes"
    case .unsupported(let place, let what, _): "\(place): \(what) is not read"
    }
  }

  package var remedy: String? {
    switch self {
    case .unreadable, .cannotWrite, .tensor, .malformed, .tooLarge: nil
    case .changed: "read it again"
    case .header(_, .gitLFSPointer): "fetch the real file with: git lfs pull"
    case .header: nil
    case .torch(_, let problem): problem.remedy
    case .unsupported(_, _, let remedy): remedy
    }
  }
}

/// A file of arrays, or one of the arrays in it.
package struct ArrayPlace: Equatable, Sendable, CustomStringConvertible {
  package let path: String
  /// The array's name in the file; empty for the file as a whole.
  package let part: String

  package init(path: String, part: String = "") { (self.path, self.part) = (path, part) }

  package var description: String { part.isEmpty ? path : "\(path): \(quoted(part))" }

  package func malformed(expected: String, found: String) -> FileFault {
    .malformed(self, expected: expected, found: found)
  }

  package func unsupported(_ what: String, remedy: String) -> FileFault {
    .unsupported(self, what: what, remedy: remedy)
  }
}
