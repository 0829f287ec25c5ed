/// Many inputs for one target, each from a seed of its own, so that a failure repeats alone.
package struct FuzzRun {
  package struct Failure {
    package let seed: UInt64
    package let input: [UInt8]
    package let error: any Error
  }

  package private(set) var outcomes: [String: Int] = [:]
  package private(set) var failures: [Failure] = []

  /// - Parameter begins: Called with each seed before it runs.
  package init(
    _ target: some FuzzTarget, seeds: Range<UInt64>, begins: (UInt64) -> Void = { _ in }
  ) {
    for seed in seeds {
      begins(seed)
      var generator = SeededGenerator(seed: seed)
      let input = target.input(&generator)
      do {
        outcomes[try target.run(input), default: 0] += 1
      } catch {
        failures.append(Failure(seed: seed, input: input, error: error))
        if failures.count == 20 { return }
      }
    }
  }

  package var acceptedShare: Double {
    let count = outcomes.values.reduce(0, +)
    return count == 0 ? 0 : Double(outcomes["accepted"] ?? 0) / Double(count)
  }
}
