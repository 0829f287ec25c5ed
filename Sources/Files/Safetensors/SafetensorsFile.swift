import CKernels
import ExactText
import Faults
import Tensors

/// The named tensors of one safetensors file.
///
/// The file is memory-mapped: opening reads the header, a tensor's data is read when it is asked for. Safe to use from
/// several threads.
package struct SafetensorsFile: Sendable {
  package let file: MappedFile
  package let header: SafetensorsHeader

  /// - Throws: ``FileFault`` when the file is unreadable or malformed.
  package init(path: String) throws {
    file = try MappedFile(path: path)
    header = try SafetensorsHeader(of: file)
  }

  /// The tensors' names in the order of their data.
  package var namesInOrder: [String] {
    get throws {
      try header.entries.interruptibleSorted {
        ($0.value.range.lowerBound, Name($0.key)) < ($1.value.range.lowerBound, Name($1.key))
      }.interruptibleMap(\.key)
    }
  }

  /// A tensor's data as stored, little-endian.
  ///
  /// - Throws: ``FileFault/changed(file:reading:)``, ``Interrupted``.
  package func bytes(_ entry: TensorEntry, named name: String) throws -> [UInt8] {
    let (part, range) = (Self.part(name), place(of: entry))
    let bytes = try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
      guard let target = buffer.baseAddress else { return }
      try file.copy(range, to: target, reading: part)
      filled = range.count
    }
    try file.checkUnchanged(reading: part)
    return bytes
  }

  /// A tensor, converted to Float32 from F64 (rounded to nearest), F32, F16 or BF16 (both exact).
  ///
  /// - Throws: ``FileFault`` when its type does not convert or the file was written to since it was opened;
  ///   ``Interrupted``.
  package func tensor(_ entry: TensorEntry, named name: String) throws -> Tensor {
    guard entry.dtype.isConvertible else {
      throw FileFault.tensor(file: file.path, name: name, .notConvertible(entry.dtype))
    }
    let part = Self.part(name)
    let tensor = try Tensor(shape: entry.shape) { target in
      guard let base = target.baseAddress, !target.isEmpty else { return }
      try fill(base, from: entry, reading: part)
    }
    try file.checkUnchanged(reading: part)
    return tensor
  }

  private static func part(_ name: String) -> String { "tensor \(quoted(name))" }

  private func place(of entry: TensorEntry) -> Range<Int> {
    (header.dataStart + entry.range.lowerBound)..<(header.dataStart + entry.range.upperBound)
  }

  private func fill(
    _ target: UnsafeMutablePointer<Float>, from entry: TensorEntry, reading part: String
  ) throws {
    switch entry.dtype {
    case .f32: try file.copy(place(of: entry), to: target, reading: part)
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
    let start = place(of: entry).lowerBound
    let stride = MemoryLayout<Element>.stride
    try withUnsafeTemporaryAllocation(of: Element.self, capacity: Self.chunk) { buffer in
      guard let scratch = buffer.baseAddress else { return }
      try (0..<entry.elements).forEachPart(of: Self.chunk) { elements in
        let begin = start + elements.lowerBound * stride
        try file.copy(begin..<begin + elements.count * stride, to: scratch, reading: part)
        kernel(scratch, target + elements.lowerBound, elements.count)
      }
    }
  }
}
