import CStackBounds

/// How much of the thread's stack is left, so that deep recursion is an error instead of a crash.
struct StackRoom {
  private let lowest: UInt
  /// Left for what does not ask: a command with its computation, or the release of a deep value.
  private let reserve: UInt

  /// The stack of the calling thread; nil when the system does not tell.
  static func ofThread() -> StackRoom? {
    var (lowest, size): (UInt, Int) = (0, 0)
    guard stack_bounds(&lowest, &size) == 0 else { return nil }
    return StackRoom(lowest: lowest, reserve: min(1 << 20, UInt(size) / 4))
  }

  /// Whether `reserves` times the reserve is left. Stacks grow downwards on all systems that matter.
  func isLeft(reserves: UInt = 1) -> Bool {
    var here: UInt8 = 0
    let address = withUnsafePointer(to: &here) { UInt(bitPattern: $0) }
    return address > lowest + reserves * reserve
  }
}
