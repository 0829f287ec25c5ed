extension Tensor {
  /// The first element, for kernels. Valid while this tensor, or another that shares its storage, lives.
  package var pointer: UnsafePointer<Float> { UnsafePointer(storage.base + offset) }
}
