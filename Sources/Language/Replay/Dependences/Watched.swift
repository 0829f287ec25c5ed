/// A part of the session whose reads and writes are known.
///
/// Every stored property of ``Session`` is one of these or a table of them, so that `save script` misses no dependence.
///
/// A value like any other, kept on the heap: each command in progress holds a copy of the session on the stack.
@propertyWrapper
package struct Watched<Value: Sendable>: WatchedPart {
  private var contents: Contents

  package init(wrappedValue: Value, _ key: StateKey) { contents = Contents(key, wrappedValue) }

  package var wrappedValue: Value {
    get {
      if !contents.isWritten { contents.log?.noteRead(contents.key) }
      return contents.value
    }
    set {
      makeUnique()
      contents.value = newValue
      contents.isWritten = true
    }
  }

  package var writtenKeys: Set<StateKey> { contents.isWritten ? [contents.key] : [] }

  package mutating func begin(_ log: StatementLog) {
    makeUnique()
    contents.log = log
    contents.isWritten = false
  }

  private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&contents) { contents = Contents(copying: contents) }
  }

  /// Changed only while one value owns it.
  private final class Contents: @unchecked Sendable {
    let key: StateKey
    var value: Value
    var log: StatementLog?
    /// By the statement that runs; what it reads then is its own.
    var isWritten = false

    init(_ key: StateKey, _ value: Value) { (self.key, self.value) = (key, value) }

    init(copying other: Contents) {
      (key, value, log, isWritten) = (other.key, other.value, other.log, other.isWritten)
    }
  }
}

/// What the session is made of.
package protocol WatchedPart: Sendable {
  /// What the statement that runs has written.
  var writtenKeys: Set<StateKey> { get }
  /// Another statement begins, whose reads go to `log`.
  mutating func begin(_ log: StatementLog)
}
