import Dispatch

/// Element-wise work on as many threads as matrix products use.
package enum Workers {
  /// Calls `body` for consecutive parts of `0 ..< count`, in parallel, and waits.
  ///
  /// - Parameters:
  ///   - minimum: The smallest part worth a thread.
  ///   - body: Writes nothing that another part reads or writes.
  package static func split(_ count: Int, minimum: Int, _ body: (Range<Int>) -> Void) {
    let parts = min(BLAS.threads, count / max(1, minimum))
    guard parts > 1 else { return body(0..<count) }
    // The parts are disjoint by contract, which the compiler cannot see through pointers.
    nonisolated(unsafe) let body = body
    DispatchQueue.concurrentPerform(iterations: parts) { part in
      body(count * part / parts..<count * (part + 1) / parts)
    }
  }
}
