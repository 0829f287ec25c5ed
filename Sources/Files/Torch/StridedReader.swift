import CKernels
import Faults

/// Reads a tensor whose elements do not lie in row-major order: a transposed matrix, a part of a larger one.
///
/// The elements are visited in the order in which they lie in the file, in blocks of at most ``longest`` elements with the gaps
/// between them: memory does not grow with the tensor, and large gaps are not read.
struct StridedReader {
  private struct Dimension {
    let size: Int
    /// In elements of the storage, and of the target.
    let stride: Int
    let step: Int
  }

  private let file: MappedFile
  private let entry: TorchEntry
  private let target: UnsafeMutablePointer<Float>
  private let part: String
  /// The largest strides first; the last of them in parts.
  private let outer: [Dimension]
  private let divided: Dimension
  /// How much of ``divided`` a block holds.
  private let count: Int
  /// Whole in every block.
  private let inner: [Dimension]

  private static let longest = 1 << 18
  /// Gaps up to this are read with what they separate.
  private static let widestGap = 1 << 10

  init(file: MappedFile, entry: TorchEntry, target: UnsafeMutablePointer<Float>, part: String) {
    (self.file, self.entry, self.target, self.part) = (file, entry, target, part)
    let dimensions = Self.dimensions(of: entry)
    var first = dimensions.count
    while first > 0, dimensions[first - 1].stride <= Self.widestGap,
      Self.span(dimensions[(first - 1)...]) <= Self.longest
    { first -= 1 }
    inner = Array(dimensions[first...])
    outer = Array(dimensions[..<max(0, first - 1)])
    divided = first > 0 ? dimensions[first - 1] : Dimension(size: 1, stride: 0, step: 0)
    let room = divided.stride <= Self.widestGap ? Self.longest - Self.span(inner[...]) : 0
    count = max(1, min(divided.size, room / max(1, divided.stride)))
  }

  private static func dimensions(of entry: TorchEntry) -> [Dimension] {
    var (step, dimensions): (Int, [Dimension]) = (1, [])
    for (size, stride) in zip(entry.shape, entry.strides).reversed() {
      if size != 1 { dimensions.append(Dimension(size: size, stride: stride, step: step)) }
      step *= size
    }
    return dimensions.sorted { $0.stride > $1.stride }
  }

  /// From the first element to the last, with the gaps.
  private static func span(_ dimensions: ArraySlice<Dimension>) -> Int {
    dimensions.reduce(1) { $0 + ($1.size - 1) * $1.stride }
  }

  /// - Throws: ``FileFault/changed(file:reading:)``, ``Interrupted``.
  func read() throws {
    let whole = Self.span((outer + [divided] + inner)[...])
    defer { file.release(entry.start..<entry.start + whole * entry.dtype.size) }
    let capacity = Self.span(inner[...]) + (count - 1) * divided.stride
    try withUnsafeTemporaryAllocation(of: Float.self, capacity: capacity) { block in
      guard let block = block.baseAddress else { return }
      try Self.forEachPlace(in: outer[...]) { source, place in
        for start in stride(from: 0, to: divided.size, by: count) {
          let size = min(count, divided.size - start)
          let part = Dimension(size: size, stride: divided.stride, step: divided.step)
          try read(
            [part] + inner, from: source + start * divided.stride, to: place + start * divided.step, by: block
          )
        }
      }
    }
  }

  private func read(
    _ dimensions: [Dimension], from source: Int, to place: Int, by block: UnsafeMutablePointer<Float>
  ) throws {
    let span = Self.span(dimensions[...])
    guard
      file.copyFloats(
        entry.dtype, 0..<span, from: entry.start + source * entry.dtype.size, to: block)
    else { throw FileFault.changed(file: file.path, reading: part) }
    guard let row = dimensions.last else { return }
    try Self.forEachPlace(in: dimensions.dropLast()) { source, offset in
      ck_scatter(block + source, row.stride, target + place + offset, row.step, row.size)
    }
  }

  /// Calls `body` with every place in the storage and in the target.
  private static func forEachPlace(
    in dimensions: ArraySlice<Dimension>, _ body: (_ source: Int, _ target: Int) throws -> Void
  ) throws {
    let dimensions = Array(dimensions)
    var indices = Array(repeating: 0, count: dimensions.count)
    var (source, target, steps) = (0, 0, Steps())
    while true {
      try steps.next()
      try body(source, target)
      var last = dimensions.count - 1
      while last >= 0, indices[last] == dimensions[last].size - 1 {
        source -= indices[last] * dimensions[last].stride
        target -= indices[last] * dimensions[last].step
        indices[last] = 0
        last -= 1
      }
      guard last >= 0 else { return }
      indices[last] += 1
      source += dimensions[last].stride
      target += dimensions[last].step
    }
  }
}
