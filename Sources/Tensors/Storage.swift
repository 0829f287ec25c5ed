import SystemCalls

/// A block of Float32 values, aligned to 64 bytes, uninitialised until written.
///
/// Written only while uniquely referenced (``Tensor`` checks), read freely from any thread.
package final class Storage: @unchecked Sendable {
  package let base: UnsafeMutablePointer<Float>
  package let count: Int

  package init(uninitializedCount count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    var pointer: UnsafeMutableRawPointer?
    let status = posix_memalign(&pointer, 64, bytes)
    guard status == 0, let pointer else {
      fatalError("out of memory: cannot allocate \(bytes) bytes")
    }
    base = pointer.bindMemory(to: Float.self, capacity: max(count, 1))
  }

  deinit { free(base) }
}
