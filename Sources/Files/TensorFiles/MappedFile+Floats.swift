import CKernels
import Faults
import Synchronization
import Tensors

extension MappedFile {
  /// Elements that are read between two looks at whether the user asked to stop. The pages of the file that they were read from
  /// leave the memory of the process then: it never holds the stored weights beside those that were made of them.
  private static let window = 1 << 21

  /// Elements converted at a time: the copy between the map, which may be unaligned, and the kernel.
  private static let piece = 1 << 16

  /// Converts `count` elements from byte `start` to Float32, on as many threads as there are for computations.
  ///
  /// - Throws: ``FileFault/changed(file:reading:)``, ``Interrupted``.
  func readFloats(
    _ dtype: DType, at start: Int, count: Int, to target: UnsafeMutablePointer<Float>, reading part: String
  ) throws {
    try (0..<count).forEachPart(of: Self.window) { window in
      let isWhole = Atomic(true)
      nonisolated(unsafe) let target = target
      Workers.split(window.count, minimum: Self.piece / 2) { part in
        let elements = window.lowerBound + part.lowerBound..<window.lowerBound + part.upperBound
        if !copyFloats(dtype, elements, from: start, to: target) { isWhole.store(false, ordering: .relaxed) }
      }
      release(start + window.lowerBound * dtype.size..<start + window.upperBound * dtype.size)
      guard isWhole.load(ordering: .relaxed) else { throw FileFault.changed(file: path, reading: part) }
    }
  }

  /// Converts a piece that is short enough not to ask in between whether the user asked to stop.
  ///
  /// - Returns: false when the pages are gone.
  func copyFloats(
    _ dtype: DType, _ elements: Range<Int>, from start: Int, to target: UnsafeMutablePointer<Float>
  ) -> Bool {
    switch dtype {
    case .f32:
      copyPiece(
        start + 4 * elements.lowerBound..<start + 4 * elements.upperBound, to: target + elements.lowerBound)
    case .f16: convert(elements, from: start, to: target, with: ck_f16_to_f32)
    case .bf16: convert(elements, from: start, to: target, with: ck_bf16_to_f32)
    case .f64: convert(elements, from: start, to: target, with: ck_f64_to_f32)
    default: preconditionFailure("\(dtype.rawValue) is not convertible")
    }
  }

  private func convert<Element: BitwiseCopyable>(
    _ elements: Range<Int>, from start: Int, to target: UnsafeMutablePointer<Float>,
    with kernel: (UnsafePointer<Element>, UnsafeMutablePointer<Float>, Int) -> Void
  ) -> Bool {
    let size = MemoryLayout<Element>.stride
    return withUnsafeTemporaryAllocation(of: Element.self, capacity: min(Self.piece, elements.count)) {
      buffer in
      guard let scratch = buffer.baseAddress else { return true }
      for first in stride(from: elements.lowerBound, to: elements.upperBound, by: Self.piece) {
        let count = min(Self.piece, elements.upperBound - first)
        guard copyPiece(start + first * size..<start + (first + count) * size, to: scratch) else {
          return false
        }
        kernel(scratch, target + first, count)
      }
      return true
    }
  }
}
