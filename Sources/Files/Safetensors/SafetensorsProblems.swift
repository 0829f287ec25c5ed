import ExactText
import Faults

/// What can be wrong with a safetensors file as a whole.
package enum HeaderProblem: Equatable, Sendable {
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
    case .shorterThanLength(let bytes): "expected 8 bytes of header length, found \(counted(bytes, "byte"))"
    case .gitLFSPointer: "expected a safetensors file, found a Git LFS pointer to it"
    case .tooLong(let length):
      "expected a header of at most \(SafetensorsHeader.longest) bytes, found length \(length)"
    case .beyondFile(let length, let available):
      "expected a header of \(counted(length, "byte")), found \(available) before the end of the file"
    case .syntax(let byte, let expected, let found):
      "header, byte \(byte): expected \(expected), found \(found)"
    case .notAnObject(let found): "header: expected an object, found \(found)"
    case .metadata(let found): "header: expected __metadata__ to hold strings by key, found \(found)"
    case .trailing(let bytes, let end):
      "expected the data to end at byte \(end), found \(counted(bytes, "byte")) after it"
    }
  }
}

/// What can be wrong with one tensor of a file of weights.
package enum TensorProblem: Error, Equatable, Sendable {
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
  case outOfStorage(shape: [Int], strides: [Int], offset: Int, elements: Int)
  case moreThanTheFile(shape: [Int], bytes: Int)

  var sentence: String {
    switch self {
    case .missing(let field): "expected dtype, shape and data_offsets, found no \(field)"
    case .field(let field, let expected, let found): "\(field): expected \(expected), found \(found)"
    case .unknownType(let name): "expected dtype \(names(of: DType.allCases)), found \(quoted(name))"
    case .reversed(let begin, let end): "data_offsets: expected begin <= end, found [\(begin), \(end)]"
    case .tooLarge(let shape): "shape: expected less than \(Int.max) bytes, found \(shape)"
    case .wrongSize(let shape, let dtype, let expected, let found):
      "expected \(counted(expected, "byte")) for shape \(shape) of \(dtype.rawValue), found \(found)"
    case .outOfFile(let range, let dataBytes):
      "data_offsets: expected at most \(dataBytes), found [\(range.lowerBound), \(range.upperBound)]"
    case .overlap(let begin, let other, let end):
      "expected to begin at byte \(end), after \(quoted(other)), found an overlap from \(begin)"
    case .hole(let range):
      "expected to begin at byte \(range.lowerBound), found a hole up to \(range.upperBound)"
    case .notConvertible(let dtype):
      "expected dtype \(names(of: DType.allCases.filter(\.isConvertible))), found \(dtype.rawValue)"
    case .outOfStorage(let shape, let strides, let offset, let elements):
      "expected to lie in a storage of \(counted(elements, "element")), "
        + "found shape \(shape) with strides \(strides) from element \(offset)"
    case .moreThanTheFile(let shape, let bytes):
      "expected at most as many elements as the file has bytes, \(bytes), found shape \(shape)"
    }
  }

  private func names(of types: [DType]) -> String {
    let names = types.map(\.rawValue)
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }
}
