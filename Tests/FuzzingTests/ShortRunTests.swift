import Fuzzing
import Testing

/// A short run of each target; `scripts/fuzz` makes long ones.
@Suite struct ShortRunTests {
  @Test(arguments: FuzzTargets.readers) func keepsItsLaws(_ name: String) throws {
    let target = try #require(try FuzzTargets.target(named: name))
    let run = run(target)
    for failure in run.failures {
      Issue.record(
        "seed \(failure.seed): \(failure.error), input \(String(decoding: failure.input, as: UTF8.self).debugDescription)"
      )
    }
    // The inputs are of use only if they reach both outcomes often.
    let range = target.acceptsEverything ? 1...1 : 0.1...0.95
    #expect(range.contains(run.acceptedShare), "\(run.outcomes)")
  }

  private func run(_ target: some FuzzTarget) -> FuzzRun { FuzzRun(target, seeds: 1..<3001) }
}
