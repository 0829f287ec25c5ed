import Faults
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
    guard status == 0, let pointer else { Self.leave(allocating: bytes) }
    base = pointer.bindMemory(to: Float.self, capacity: max(count, 1))
  }

  deinit { free(base) }

  /// Nothing below here can go on. Budgets are asked before, so the system has promised more than it has.
  private static func leave(allocating bytes: Int) -> Never {
    let text = "error: out of memory: the system does not give \(roundedSize(bytes)) more\n"
    _ = write(STDERR_FILENO, text, text.utf8.count)
    _exit(1)
  }
}
