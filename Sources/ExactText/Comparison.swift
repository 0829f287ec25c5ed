import SystemCalls

// Swift's own strings are equal when they are canonically equivalent, and finding that out takes time quadratic in the
// length of a run of combining marks: of a name of 64 kB from a stranger's file, 15 seconds. What stands here has the
// same names and is found before Swift's. Texts are equal when their scalars are, as in Python, and in the order of
// their scalars, which is that of the bytes of UTF-8. All of it is linear. scripts/check-text finds what still calls
// Swift's.

extension StringProtocol {
  package static func == (left: Self, right: some StringProtocol) -> Bool { areEqual(left, right) }

  package static func != (left: Self, right: some StringProtocol) -> Bool { !areEqual(left, right) }

  package static func < (left: Self, right: some StringProtocol) -> Bool { order(left, right) < 0 }

  package static func > (left: Self, right: some StringProtocol) -> Bool { order(left, right) > 0 }

  package static func <= (left: Self, right: some StringProtocol) -> Bool { order(left, right) <= 0 }

  package static func >= (left: Self, right: some StringProtocol) -> Bool { order(left, right) >= 0 }
}

extension String {
  @inlinable
  package static func == (left: String, right: String) -> Bool { areEqual(left, right) }

  @inlinable
  package static func != (left: String, right: String) -> Bool { !areEqual(left, right) }

  package static func < (left: String, right: String) -> Bool { order(left, right) < 0 }

  package static func > (left: String, right: String) -> Bool { order(left, right) > 0 }

  package static func <= (left: String, right: String) -> Bool { order(left, right) <= 0 }

  package static func >= (left: String, right: String) -> Bool { order(left, right) >= 0 }
}

// Beside a literal, only an operator with exactly its type is found before Swift's.
extension String? {
  package static func == (left: String?, right: String?) -> Bool {
    // Not `== nil`, which would ask this operator again.
    switch (left, right) {
    case (let left?, let right?): areEqual(left, right)
    case (nil, nil): true
    default: false
    }
  }

  package static func == (left: String?, right: String) -> Bool { left.map { areEqual($0, right) } ?? false }

  package static func == (left: String, right: String?) -> Bool { right.map { areEqual(left, $0) } ?? false }

  package static func != (left: String?, right: String?) -> Bool { !(left == right) }

  package static func != (left: String?, right: String) -> Bool { !(left == right) }

  package static func != (left: String, right: String?) -> Bool { !(left == right) }
}

/// What `switch` and `if case` ask.
package func ~= (pattern: String, text: String) -> Bool { areEqual(pattern, text) }

package func ~= (pattern: String, text: Substring) -> Bool { areEqual(pattern, text) }

package func ~= (pattern: String, text: String?) -> Bool { text.map { areEqual(pattern, $0) } ?? false }

extension [String] {
  package static func == (left: [String], right: [String]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { areEqual($0, $1) }
  }

  package static func != (left: [String], right: [String]) -> Bool { !(left == right) }
}

/// Most texts that are compared are short, and either the same or of other lengths: for these 16 and 8 bytes are looked at.
@inlinable
func areEqual(_ left: String, _ right: String) -> Bool {
  typealias Bits = (UInt64, UInt64)
  if unsafeBitCast(left, to: Bits.self) == unsafeBitCast(right, to: Bits.self) { return true }
  guard left.utf8.count == right.utf8.count else { return false }
  return haveEqualBytes(left, right)
}

@usableFromInline
func haveEqualBytes(_ left: String, _ right: String) -> Bool { haveSameBytes(left, right) }

func areEqual(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
  haveSameBytes(left, right)
}

private func haveSameBytes(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
  left.withBytes { left in
    right.withBytes { right in
      left.count == right.count
        && (left.isEmpty || memcmp(left.baseAddress!, right.baseAddress!, left.count) == 0)
    }
  }
}

/// Negative, 0 or positive.
func order(_ left: some StringProtocol, _ right: some StringProtocol) -> Int {
  left.withBytes { left in
    right.withBytes { right in
      let common = min(left.count, right.count)
      let first = common == 0 ? 0 : memcmp(left.baseAddress!, right.baseAddress!, common)
      return first != 0 ? Int(first) : left.count - right.count
    }
  }
}

extension StringProtocol {
  /// Calls `body` with the UTF-8 of the text, which is copied only where it does not lie in one piece: never on Linux.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try utf8.withContiguousStorageIfAvailable { try body(UnsafeRawBufferPointer($0)) }
      ?? ContiguousArray(utf8).withUnsafeBytes(body)
  }
}

extension Character {
  package static func == (left: Character, right: Character) -> Bool { areEqual(String(left), String(right)) }

  package static func == (left: Character, right: String) -> Bool { areEqual(String(left), right) }

  package static func != (left: Character, right: Character) -> Bool { !(left == right) }

  package static func != (left: Character, right: String) -> Bool { !(left == right) }

  package static func < (left: Character, right: Character) -> Bool { order(String(left), String(right)) < 0 }

  package static func < (left: Character, right: String) -> Bool { order(String(left), right) < 0 }
}

extension Character? {
  package static func == (left: Character?, right: Character?) -> Bool {
    left.map { String($0) } == right.map { String($0) }
  }

  package static func == (left: Character?, right: String) -> Bool { left.map { $0 == right } ?? false }

  package static func != (left: Character?, right: Character?) -> Bool { !(left == right) }

  package static func != (left: Character?, right: String) -> Bool { !(left == right) }
}

package func ~= (pattern: Character, character: Character) -> Bool { pattern == character }

package func ~= (pattern: Character, character: Character?) -> Bool {
  character.map { pattern == $0 } ?? false
}
