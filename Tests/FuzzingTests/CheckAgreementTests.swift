import Foundation
import Fuzzing
import Testing

/// Generated scripts, half of them broken: `--check` is clean when, and only when, a run succeeds.
///
/// `IPSH_CHECK_SCRIPTS` sets their number; `scripts/fuzz check check-model runs=N` makes long runs.
@Suite struct CheckAgreementTests {
  /// What a check cannot know, and the largest share of scripts that may come out so.
  private static let unknowable = [
    "not found, for a file's contents decide": 0.02, "not found, for computed numbers decide": 0.02,
    "found where a file's contents lead": 0.04,
  ]
  /// Loops in loops, of which a run has no result in time.
  private static let uncompared = "takes too long to compare"

  private static let count = ProcessInfo.processInfo.environment["IPSH_CHECK_SCRIPTS"].flatMap(UInt64.init)

  @Test(arguments: [("check", UInt64(1000)), ("check-model", UInt64(100))])
  func checksAndRunsAgree(name: String, usualCount: UInt64) throws {
    let target = try #require(try FuzzTargets.target(named: name))
    let count = Self.count ?? usualCount
    let run = FuzzRun(target, seeds: 1..<count + 1)
    for failure in run.failures {
      let script = String(decoding: failure.input, as: UTF8.self)
      Issue.record("seed \(failure.seed): \(failure.error)\n\(script)")
    }
    func share(_ outcome: String) -> Double { Double(run.outcomes[outcome] ?? 0) / Double(count) }
    #expect(share("accepted") > 0.35 && share("fails, as a check says") > 0.25, "\(run.outcomes)")
    // A few of a short run say nothing of the share.
    let chance = 3 / Double(count)
    for (outcome, most) in Self.unknowable { #expect(share(outcome) <= most + chance, "\(run.outcomes)") }
    #expect(share(Self.uncompared) <= 0.02 + chance, "\(run.outcomes)")
  }
}
