import Foundation
import PseudoTerminals

@testable import Language
@testable import Workbench

/// The product as it was built beside the tests.
func ipsh(_ arguments: [String], stdin: String = "", directory: String? = nil) throws -> ProgramResult {
  try runProgram(
    executable: builtProgram("ipsh"), arguments: arguments, stdin: stdin,
    environment: testEnvironment, directory: directory)
}

/// A UTF-8 locale, no colours, no files of the person who runs the tests; the kernels that the tests are run with.
let testEnvironment: [String: String] = {
  var environment = PseudoTerminal.plainEnvironment
  for name in ["OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS"] {
    environment[name] = ProcessInfo.processInfo.environment[name]
  }
  environment["IPSH_HISTORY"] = "/dev/null"
  environment["XDG_CONFIG_HOME"] = "/nonexistent"
  return environment
}()

/// A folder that is removed after `body`.
func withTemporaryFolder<R>(_ body: (URL) throws -> R) throws -> R {
  let folder = URL.temporaryDirectory.appending(path: "ipsh-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// Runs a line of `sh` in which `ipsh` is the program; the folder is its own.
func runInShell(_ line: String, _ body: (ProgramResult, URL) throws -> Void) throws {
  let program = try builtProgram("ipsh")
  try withTemporaryFolder { folder in
    let script = "ipsh() { '\(program)' \"$@\"; }\n\(line)"
    let result = try runProgram(
      executable: "/bin/sh", arguments: ["-c", script], environment: testEnvironment,
      directory: folder.path)
    try body(result, folder)
  }
}

/// Polls until `condition` holds, as long as a person would wait.
func wait(until description: String, _ condition: () throws -> Bool) throws {
  let deadline = Date.now + PseudoTerminal.patience
  while try !condition() {
    guard Date.now < deadline else { throw NothingHappened(description: "still not: \(description)") }
    usleep(2000)
  }
}

private struct NothingHappened: Error, CustomStringConvertible { let description: String }

/// The first place where two printed texts differ, by the comparison of `--verify`; columns must be in their places too.
func firstDifference(_ actual: String, _ expected: String) -> String? {
  let (found, wanted) = (lines(actual), lines(expected))
  let comparison = LineComparison(tolerance: 1e-4).scaled(to: wanted)
  if let place = LineDifferences(wanted, found, by: comparison).places.first {
    return "line \(place.line + 1): got \(place.found), expected \(place.expected)"
  }
  let change = comparison.widthChange(wanted, found)
  for (number, pair) in zip(1..., zip(wanted, found))
  where !comparison.isLaidOut(pair.1, as: pair.0, widthChange: change) {
    return "line \(number) is laid out otherwise: got\n\(pair.1)\nexpected\n\(pair.0)"
  }
  return nil
}

private func lines(_ text: String) -> [String] {
  text.trimmingCharacters(in: .newlines).components(separatedBy: "\n")
}
