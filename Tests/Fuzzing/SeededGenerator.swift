/// SplitMix64 (Steele, Lea and Flood, 2014): equal seeds give equal inputs on every machine.
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) {
    state = seed
    // Neighbouring seeds would give the same sequence, shifted.
    state = next()
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// True once in `n` times.
  package mutating func chance(_ n: Int) -> Bool { Int.random(in: 0..<n, using: &self) == 0 }

  package mutating func pick<T>(_ choices: [T]) -> T {
    choices[Int.random(in: 0..<choices.count, using: &self)]
  }

  package mutating func count(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  /// Results of `item` joined by `separator`.
  package mutating func joined(
    _ range: ClosedRange<Int>, separator: String, _ item: (inout SeededGenerator) -> String
  ) -> String {
    (0..<count(range)).map { _ in item(&self) }.joined(separator: separator)
  }
}
