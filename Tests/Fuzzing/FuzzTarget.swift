import Faults

/// A reader that must take any input: it gives a value or a fault, keeps its laws, and never traps.
package protocol FuzzTarget {
  /// Whether there is no input that it refuses.
  var acceptsEverything: Bool { get }

  /// Random, mutated or made by a grammar.
  func input(_ generator: inout SeededGenerator) -> [UInt8]

  /// - Returns: what became of it, for the statistics: `accepted`, the code of a fault.
  /// - Throws: ``BrokenLaw``, or anything that is not a fault.
  func run(_ input: [UInt8]) throws -> String
}

extension FuzzTarget {
  package var acceptsEverything: Bool { false }
}

/// What an input showed to be wrong.
package struct BrokenLaw: Error {
  package let law: String

  package init(_ law: String) { self.law = law }
}

package func require(_ holds: Bool, _ law: @autoclosure () -> String) throws {
  if !holds { throw BrokenLaw(law()) }
}

/// `accepted`, or the code of the fault that `body` throws, whose sentence must be one line without control characters.
package func outcome(_ body: () throws -> Void) throws -> String {
  do {
    try body()
    return "accepted"
  } catch let fault as any Fault {
    for sentence in [fault.message, fault.remedy ?? ""] {
      try require(
        !sentence.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F },
        "a control character in \(sentence.debugDescription)")
    }
    try require(!fault.message.isEmpty, "a fault without a sentence")
    return fault.code
  }
}
