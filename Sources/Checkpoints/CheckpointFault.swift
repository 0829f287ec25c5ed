import Faults
import JSONReading

/// What can be wrong with model files.
public enum CheckpointFault: Fault, Equatable {
  case unreadable(path: String, reason: String)
  case changed(file: String, reading: String)
  case header(file: String, HeaderProblem)
  case tensor(file: String, name: String, TensorProblem)
  case index(file: String, IndexProblem)
  case json(file: String, JSONProblem)
  case noTensor(name: String, file: String, closest: String?)
  case notFinite(file: String, tensor: String, nan: Int, infinite: Int, elements: Int)
  case noFolder(path: String, closest: String?)
  /// A file that exists and is no model.
  case notAModel(file: String)
  case adapter(file: String)
  case incomplete(folder: String, missing: [String], found: [String], hint: String?)
  case embeddedMissing(name: String, places: [String])
  case repository(RepositoryProblem)

  public var code: String {
    switch self {
    case .unreadable: "checkpoint-unreadable"
    case .changed: "checkpoint-changed"
    case .header: "checkpoint-header"
    case .tensor: "checkpoint-tensor"
    case .index: "checkpoint-index"
    case .json: "model-file-json"
    case .noTensor: "no-tensor"
    case .notFinite: "weights-not-finite"
    case .noFolder, .notAModel: "no-model"
    case .adapter: "model-is-adapter"
    case .incomplete: "model-incomplete"
    case .embeddedMissing: "embedded-model-missing"
    case .repository: "hub-cache"
    }
  }

  public var message: String {
    switch self {
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    case .changed(let file, let part): "\(file): the file changed while \(part) was read from it"
    case .header(let file, let problem): "\(file): \(problem.sentence)"
    case .tensor(let file, let name, let problem): "\(file): tensor \(quoted(name)): \(problem.sentence)"
    case .index(let file, let problem): "\(file): \(problem.sentence)"
    case .json(let file, let problem): "\(file)\(problem.sentence)"
    case .noTensor(let name, let file, _): "no tensor \(quoted(name)) in \(file)"
    case .notFinite(let file, let tensor, let nan, let infinite, let elements):
      "\(file): tensor \(quoted(tensor)) has \(nan) NaN and \(infinite) infinite of \(elements) elements"
    case .noFolder(let path, _): "no model at \(path)"
    case .notAModel(let file): "expected a folder or a safetensors file, found \(file)"
    case .adapter(let file): "\(file) holds no model"
    case .incomplete(let folder, let missing, let found, _):
      "\(folder) is not a model folder: expected \(missing.joined(separator: " and ")), "
        + "found \(found.isEmpty ? "nothing" : found.joined(separator: ", "))"
    case .embeddedMissing(let name, let places):
      "the embedded model \(quoted(name)) is not installed: looked at \(places.joined(separator: ", "))"
    case .repository(let problem): problem.sentence
    }
  }

  public var remedy: String? {
    switch self {
    case .changed: "load the model again"
    case .header(_, .gitLFSPointer): "fetch the real file with: git lfs pull"
    case .noTensor(_, _, let closest?): "did you mean \(quoted(closest))?"
    case .noFolder(_, let closest?): "did you mean \(closest)?"
    case .notAModel(let file):
      WeightsFormat.first(in: [lastComponent(file)]) ?? "name the folder of the model: \(parentFolder(file))"
    case .adapter(let file): FolderHint.adapterHint(lastComponent(file))
    case .incomplete(_, _, _, let hint): hint
    case .repository(let problem): problem.remedy
    default: nil
    }
  }
}

/// What can be wrong with a safetensors file as a whole.
public enum HeaderProblem: Equatable, Sendable {
  case empty
  case shorterThanLength(bytes: Int)
  case gitLFSPointer
  case tooLong(length: UInt64)
  case beyondFile(length: Int, available: Int)
  case syntax(byte: Int, expected: String, found: String)
  case notAnObject(found: String)
  case metadata(found: String)
  case trailing(bytes: Int, tensorsEnd: Int)

  var sentence: String {
    switch self {
    case .empty: "expected a safetensors file, found an empty file"
    case .shorterThanLength(let bytes): "expected 8 bytes of header length, found \(count(bytes, "byte"))"
    case .gitLFSPointer: "expected a safetensors file, found a Git LFS pointer to it"
    case .tooLong(let length):
      "expected a header of at most \(SafetensorsHeader.longest) bytes, found length \(length)"
    case .beyondFile(let length, let available):
      "expected a header of \(count(length, "byte")), found \(available) before the end of the file"
    case .syntax(let byte, let expected, let found):
      "header, byte \(byte): expected \(expected), found \(found)"
    case .notAnObject(let found): "header: expected an object, found \(found)"
    case .metadata(let found): "header: expected __metadata__ to hold strings by key, found \(found)"
    case .trailing(let bytes, let end):
      "expected the data to end at byte \(end), found \(count(bytes, "byte")) after it"
    }
  }
}

/// What can be wrong with one tensor of a safetensors file.
public enum TensorProblem: Equatable, Sendable {
  case repeated
  case missing(field: String)
  case field(String, expected: String, found: String)
  case unknownType(String)
  case reversed(begin: Int, end: Int)
  case tooLarge(shape: [Int])
  case wrongSize(shape: [Int], DType, expected: Int, found: Int)
  case outOfFile(Range<Int>, dataBytes: Int)
  case overlap(begin: Int, other: String, end: Int)
  case hole(Range<Int>)
  case notConvertible(DType)

  var sentence: String {
    switch self {
    case .repeated: "expected each name once, found it again in another Unicode normalization"
    case .missing(let field): "expected dtype, shape and data_offsets, found no \(field)"
    case .field(let field, let expected, let found): "\(field): expected \(expected), found \(found)"
    case .unknownType(let name): "expected dtype \(names(of: DType.allCases)), found \(quoted(name))"
    case .reversed(let begin, let end): "data_offsets: expected begin <= end, found [\(begin), \(end)]"
    case .tooLarge(let shape): "shape: expected less than \(Int.max) bytes, found \(shape)"
    case .wrongSize(let shape, let dtype, let expected, let found):
      "expected \(count(expected, "byte")) for shape \(shape) of \(dtype.rawValue), found \(found)"
    case .outOfFile(let range, let dataBytes):
      "data_offsets: expected at most \(dataBytes), found [\(range.lowerBound), \(range.upperBound)]"
    case .overlap(let begin, let other, let end):
      "expected to begin at byte \(end), after \(quoted(other)), found an overlap from \(begin)"
    case .hole(let range):
      "expected to begin at byte \(range.lowerBound), found a hole up to \(range.upperBound)"
    case .notConvertible(let dtype):
      "expected dtype \(names(of: DType.allCases.filter(\.isConvertible))), found \(dtype.rawValue)"
    }
  }

  private func names(of types: [DType]) -> String {
    let names = types.map(\.rawValue)
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }
}

/// `1 byte`, `2 bytes`.
func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
