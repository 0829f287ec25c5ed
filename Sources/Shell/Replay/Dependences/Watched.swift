/// A part of the session whose reads and writes are known.
///
/// Every stored property of ``Session`` is one of these or a table of them, so that `save script` misses no dependence.
@propertyWrapper
package struct Watched<Value: Sendable>: WatchedPart {
  private let key: StateKey
  private var value: Value
  private var log: StatementLog?
  /// By the statement that runs; what it reads then is its own.
  private var isWritten = false

  package init(wrappedValue: Value, _ key: StateKey) {
    value = wrappedValue
    self.key = key
  }

  package var wrappedValue: Value {
    get {
      if !isWritten { log?.noteRead(key) }
      return value
    }
    set {
      value = newValue
      isWritten = true
    }
  }

  package var writtenKeys: Set<StateKey> { isWritten ? [key] : [] }

  package mutating func begin(_ log: StatementLog) {
    self.log = log
    isWritten = false
  }
}

/// What the session is made of.
package protocol WatchedPart: Sendable {
  /// What the statement that runs has written.
  var writtenKeys: Set<StateKey> { get }
  /// Another statement begins, whose reads go to `log`.
  mutating func begin(_ log: StatementLog)
}
