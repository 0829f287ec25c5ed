import Faults
import Synchronization

/// Counts how often is looked whether to stop, and asks for it at one of the looks.
final class Looks: Sendable {
  private let state = Mutex((count: 0, last: Int.max))

  func begin(last: Int = .max) { state.withLock { $0 = (0, last) } }

  var count: Int { state.withLock(\.count) }

  func look() throws {
    let isLast = state.withLock { state in
      state.count += 1
      return state.count > state.last
    }
    if isLast { throw Interrupted() }
  }
}
