import Faults
import SystemCalls

/// The room of the program's stacks. The first thread's grows to the limit; other threads, also those of libraries, get it from
/// the limit that the program was started with.
enum StackLimit {
  /// What the depths that the language allows are made for, in bytes.
  private static let usual = 8 << 20
  private static let smallest = 4 << 20

  /// Raises a limit below the usual, as far as the system allows.
  ///
  /// - Returns: whether it has changed.
  /// - Throws: ``StackFault`` when it cannot be raised enough.
  static func raise() throws -> Bool {
    var limit = rlimit()
    guard getrlimit(stack, &limit) == 0, limit.rlim_cur < usual else { return false }
    let (before, highest) = (limit.rlim_cur, min(limit.rlim_max, rlim_t(usual)))
    guard highest >= smallest else { throw StackFault(available: Int(highest), needed: smallest) }
    limit.rlim_cur = highest
    return highest > before && setrlimit(stack, &limit) == 0
  }

  #if canImport(Glibc)
    private static let stack = __rlimit_resource_t(RLIMIT_STACK.rawValue)
  #else
    private static let stack = RLIMIT_STACK
  #endif
}

/// That the stack may not grow as far as it has to.
struct StackFault: StatedFault {
  let available: Int
  let needed: Int

  var sentence: FaultSentence {
    (
      "stack-limit",
      "the stack may grow to \(roundedSize(available)), \(roundedSize(needed)) are needed",
      "`ulimit -s 8192` before ipsh, in a shell in which it was not lowered"
    )
  }
}
