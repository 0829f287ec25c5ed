import ExactText
import Tensors

/// A file of named tensors: memory-mapped, read where a tensor is asked for. Safe to use from several threads.
package protocol TensorFile: Sendable {
  var file: MappedFile { get }
  /// In no particular order.
  var tensorNames: NameList { get }
  /// nil when there is no tensor of that name.
  func description(of name: String) -> TensorDescription?
  /// The tensor as Float32: from F64 (rounded to nearest), F32, F16 or BF16 (all exact).
  ///
  /// - Throws: ``FileFault`` when its type does not convert or the file was written to since it was opened;
  ///   ``Interrupted``.
  /// - Precondition: there is a tensor of that name.
  func tensor(named name: String) throws -> Tensor
  /// Bytes of all tensors as stored.
  var dataBytes: Int { get }
  /// Where the file says what it holds.
  var headerRanges: [Range<Int>] { get }
}

/// What a file says of a tensor.
package struct TensorDescription: Equatable, Sendable {
  package let dtype: DType
  package let shape: [Int]

  package var elements: Int { shape.reduce(1, *) }
}

extension SafetensorsFile: TensorFile {
  package var tensorNames: NameList { header.entries.keys }

  package func description(of name: String) -> TensorDescription? {
    header.entries[name].map { TensorDescription(dtype: $0.dtype, shape: $0.shape) }
  }

  package func tensor(named name: String) throws -> Tensor {
    guard let entry = header.entries[name] else { preconditionFailure("no tensor \(name)") }
    return try tensor(entry, named: name)
  }

  package var dataBytes: Int { file.size - header.dataStart }

  package var headerRanges: [Range<Int>] { [0..<header.dataStart] }
}
