import Foundation
import Fuzzing

/// Runs a target on many inputs:
///
///     fuzz TARGET [runs=1000000] [seed=1]
///
/// Prints the input if there is only one, how often each outcome came, and the seed and input of every failure; a trap prints the seed that it came from.
/// Exits with 1 if anything failed.
@main
struct Program {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard let name = arguments.first, let target = try FuzzTargets.target(named: name) else {
      print("fuzz \(FuzzTargets.names.joined(separator: "|")) [runs=N] [seed=N]")
      exit(2)
    }
    let (runs, seed) = (number("runs", arguments) ?? 1_000_000, number("seed", arguments) ?? 1)
    if runs == 1 {
      var generator = SeededGenerator(seed: seed)
      print(String(decoding: target.input(&generator), as: UTF8.self))
      fflush(nil)
    } else {
      reportTraps()
    }
    let start = Date()
    let run = run(target, seed..<seed + runs)
    for (outcome, count) in run.outcomes.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      print("\(count)\t\(outcome)")
    }
    for failure in run.failures {
      print(
        "seed \(failure.seed): \(failure.error)\n  \(String(decoding: failure.input, as: UTF8.self).debugDescription)"
      )
    }
    let seconds = Date().timeIntervalSince(start)
    print("\(name): \(runs) inputs from seed \(seed), \(run.failures.count) failures, \(Int(seconds)) s")
    exit(run.failures.isEmpty ? 0 : 1)
  }

  private static func run(_ target: some FuzzTarget, _ seeds: Range<UInt64>) -> FuzzRun {
    FuzzRun(target, seeds: seeds, begins: { currentSeed = $0 })
  }

  private static func number(_ name: String, _ arguments: ArraySlice<String>) -> UInt64? {
    arguments.first { $0.hasPrefix(name + "=") }.flatMap { UInt64($0.dropFirst(name.count + 1)) }
  }
}

/// The seed that runs; read by a signal handler.
nonisolated(unsafe) var currentSeed: UInt64 = 0

private func reportTraps() {
  for trap in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT] {
    signal(trap) { trap in
      // Only what a signal handler may call.
      var digits: (UInt8, UInt8) = (0, 10)
      var divisor: UInt64 = 1
      while currentSeed / divisor >= 10 { divisor *= 10 }
      _ = write(2, "trap at seed ", 13)
      while divisor > 0 {
        digits.0 = 48 + UInt8(currentSeed / divisor % 10)
        withUnsafeBytes(of: &digits) { _ = write(2, $0.baseAddress, divisor == 1 ? 2 : 1) }
        divisor /= 10
      }
      signal(trap, SIG_DFL)
      raise(trap)
    }
  }
}
