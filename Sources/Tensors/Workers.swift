import CKernels
import Dispatch

/// Work on as many threads as ``BLAS/threads`` says.
package enum Workers {
  /// Calls `body` for consecutive parts of `0 ..< count`, in parallel, and waits.
  ///
  /// There are more parts than threads, so that one that the system holds up does not hold up the rest.
  ///
  /// - Parameters:
  ///   - minimum: The smallest part worth a thread.
  ///   - body: Writes nothing that another part reads or writes.
  package static func split(_ count: Int, minimum: Int, _ body: (Range<Int>) -> Void) {
    let threads = min(BLAS.threads, count / max(1, minimum))
    guard threads > 1 else { return body(0..<count) }
    let parts = min(4 * threads, count / max(1, minimum))
    run(parts, threads: threads) { part in body(count * part / parts..<count * (part + 1) / parts) }
  }

  private static func run(_ parts: Int, threads: Int, _ body: (Int) -> Void) {
    var next = 0
    withUnsafeMutablePointer(to: &next) { next in
      // Parts are disjoint by contract and the counter is atomic, which the compiler cannot see.
      nonisolated(unsafe) let (body, next) = (body, next)
      DispatchQueue.concurrentPerform(iterations: threads) { _ in
        while true {
          let part = ck_next(next)
          guard part < parts else { return }
          body(part)
        }
      }
    }
  }
}
