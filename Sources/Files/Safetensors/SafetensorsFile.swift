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
      try file.readFloats(
        entry.dtype, at: place(of: entry).lowerBound, count: target.count, to: base, reading: part)
    }
    try file.checkUnchanged(reading: part)
    return tensor
  }

  private static func part(_ name: String) -> String { "tensor \(quoted(name))" }

  private func place(of entry: TensorEntry) -> Range<Int> {
    (header.dataStart + entry.range.lowerBound)..<(header.dataStart + entry.range.upperBound)
  }
}
