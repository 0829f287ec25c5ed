import Faults

/// A dense, row-major array of Float32 values of any rank.
///
/// A tensor is a value: copies share storage until one of them is written. It knows no model and
/// no gradient. Leading-dimension views (`tensor[3]`) share storage with the whole.
///
/// - Note: rank 0 is a scalar (`shape == []`, one element); a dimension may be 0.
public struct Tensor: Sendable {
  /// Sizes, outermost first.
  public let shape: [Int]
  var storage: Storage
  let offset: Int

  package init(shape: [Int], storage: Storage, offset: Int = 0) {
    self.shape = shape
    self.storage = storage
    self.offset = offset
    assert(offset + count <= storage.count, "view of \(shape) at \(offset) exceeds the storage")
  }

  /// A tensor filled by `body`, which must initialise every element.
  public init(
    shape: [Int], initializingWith body: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    let count = shape.reduce(1, *)
    let storage = Storage(uninitializedCount: count)
    try body(UnsafeMutableBufferPointer(start: storage.base, count: count))
    self.init(shape: shape, storage: storage)
  }

  public init(shape: [Int], repeating value: Float) {
    self.init(shape: shape) { $0.update(repeating: value) }
  }

  /// - Precondition: `values.count` is the product of `shape`.
  public init(shape: [Int], _ values: some Collection<Float>) {
    precondition(
      values.count == shape.reduce(1, *), "\(values.count) values do not fill shape \(shape)")
    self.init(shape: shape) { _ = $0.initialize(from: values) }
  }

  public init(scalar: Float) { self.init(shape: [], repeating: scalar) }

  public var rank: Int { shape.count }

  /// Number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// The elements in row-major order.
  public var values: [Float] { withUnsafeBufferPointer { Array($0) } }

  /// What `transform` makes of each of the ``values``.
  ///
  /// - Throws: ``Interrupted``.
  public func interruptibleValues<T>(_ transform: (Float) throws -> T) throws -> [T] {
    try withUnsafeBufferPointer { try $0.interruptibleMap(transform) }
  }

  public func withUnsafeBufferPointer<R>(
    _ body: (UnsafeBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeBufferPointer(start: storage.base + offset, count: count))
  }

  /// Writes in place; copies first when the storage is shared.
  public mutating func withUnsafeMutableBufferPointer<R>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    if !isKnownUniquelyReferenced(&storage) { self = copied() }
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeMutableBufferPointer(start: storage.base + offset, count: count))
  }

  /// The same elements under another shape, sharing storage.
  ///
  /// - Precondition: the product of `newShape` is `count`.
  public func reshaped(_ newShape: [Int]) -> Tensor {
    precondition(newShape.reduce(1, *) == count, "cannot reshape \(shape) to \(newShape)")
    return Tensor(shape: newShape, storage: storage, offset: offset)
  }

  /// The sub-tensor at `index` of the outermost dimension, sharing storage. O(1).
  ///
  /// - Precondition: `0 <= index < shape[0]`.
  public subscript(index: Int) -> Tensor {
    precondition(rank > 0 && index >= 0 && index < shape[0], "index \(index) outside \(shape)")
    let inner = Array(shape.dropFirst())
    return Tensor(shape: inner, storage: storage, offset: offset + index * inner.reduce(1, *))
  }

  private func copied() -> Tensor {
    withUnsafeBufferPointer { source in
      Tensor(shape: shape) { _ = $0.initialize(from: source) }
    }
  }
}

extension Tensor: Equatable {
  /// Same shape and the same values; NaN differs from everything.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    guard a.shape == b.shape else { return false }
    return a.withUnsafeBufferPointer { x in b.withUnsafeBufferPointer { x.elementsEqual($0) } }
  }
}
