import Foundation
import PseudoTerminals

/// The product as it was built beside the tests.
func ipsh(_ arguments: [String], stdin: String = "", directory: String? = nil) throws -> ProgramResult {
  try runProgram(
    executable: builtProgram("ipsh"), arguments: arguments, stdin: stdin,
    environment: testEnvironment, directory: directory)
}

/// A UTF-8 locale, no colours, no files of the person who runs the tests.
let testEnvironment: [String: String] = {
  var environment = PseudoTerminal.plainEnvironment
  environment["IPSH_HISTORY"] = "/dev/null"
  environment["XDG_CONFIG_HOME"] = "/nonexistent"
  return environment
}()

/// The folder that holds Package.swift.
let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// A folder that is removed after `body`.
func withTemporaryFolder<R>(_ body: (URL) throws -> R) throws -> R {
  let folder = URL.temporaryDirectory.appending(path: "ipsh-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// The first place where two printed texts differ; numbers may differ in the last digits that are shown.
///
/// Another processor rounds differently, so a number agrees when it is within 1e-3 of its size or 1e-4 of zero.
func firstDifference(_ actual: String, _ expected: String) -> String? {
  let (a, b) = (lines(actual), lines(expected))
  for (number, pair) in zip(1..., zip(a, b)) where !agree(pair.0, pair.1) {
    return "line \(number): got \(pair.0.debugDescription), expected \(pair.1.debugDescription)"
  }
  return a.count == b.count ? nil : "got \(a.count) lines, expected \(b.count): \(actual)"
}

private func lines(_ text: String) -> [String] {
  text.trimmingCharacters(in: .newlines).components(separatedBy: "\n")
}

private func agree(_ a: String, _ b: String) -> Bool {
  let (x, y) = (words(a), words(b))
  return x.count == y.count && zip(x, y).allSatisfy(agreeWords)
}

private func words(_ line: String) -> [String] {
  line.components(separatedBy: CharacterSet(charactersIn: " ,[]():")).filter { !$0.isEmpty }
}

private func agreeWords(_ a: String, _ b: String) -> Bool {
  if a == b { return true }
  guard let x = Double(a), let y = Double(b), a.contains(".") || b.contains(".") else { return false }
  return abs(x - y) <= max(1e-4, 1e-3 * abs(y))
}
