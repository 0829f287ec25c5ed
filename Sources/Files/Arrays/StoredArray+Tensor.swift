import CKernels
import Faults
import Tensors

extension StoredArray {
  /// Elements between two looks at whether the user asked to stop: less than a millisecond.
  private static let chunk = 1 << 16

  /// An array of Float32, or of Float16 which is widened; nil for other elements.
  package var tensor: Tensor? {
    get throws {
      switch element {
      case .float32:
        try tensor { source, target, count in
          UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: 4 * count)
        }
      case .float16:
        try withUnsafeTemporaryAllocation(of: UInt16.self, capacity: Self.chunk) { halves in
          guard let aligned = halves.baseAddress else { return nil }
          return try tensor { source, target, count in
            UnsafeMutableRawPointer(aligned).copyMemory(from: source, byteCount: 2 * count)
            ck_f16_to_f32(aligned, target, count)
          }
        }
      default: nil
      }
    }
  }

  /// - Parameter convert: takes so many elements from a place that may be unaligned.
  private func tensor(
    _ convert: (_ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>, _ count: Int) -> Void
  ) throws -> Tensor {
    try Tensor(shape: shape) { target in
      try bytes.withUnsafeBytes { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        try target.indices.forEachPart(of: Self.chunk) { part in
          convert(from + part.lowerBound * element.size, to + part.lowerBound, part.count)
        }
      }
    }
  }
}
