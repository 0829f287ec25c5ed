import FixtureFiles
import Foundation
import PseudoTerminals
import Testing

/// Runs every `Tests/Scripts/NAME.ipscript` and compares what it prints with `NAME.expected`.
///
/// The expected text is standard output, then, where there is any, a line `--- stderr` and standard error;
/// the exit code must be 1 with an error there, else 0. Scripts find `Tests/Fixtures/tasks` as `tasks`.
@Suite struct ScriptTests {
  static let folder = checkout.appending(path: "Tests/Scripts")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".ipscript") }.map { String($0.dropLast(9)) }.sorted()
  }()

  /// What scripts find beside them: tasks, which they may write to, and small models.
  static func putInputs(into scratch: URL) throws {
    try FileManager.default.copyItem(
      at: FixtureFiles.folder.appending(path: "tasks"), to: scratch.appending(path: "tasks"))
    try FileManager.default.createSymbolicLink(
      at: scratch.appending(path: "families"),
      withDestinationURL: FixtureFiles.folder.appending(path: "families"))
  }

  @Test func thereAreScripts() { #expect(!Self.names.isEmpty) }

  @Test(arguments: names) func printsWhatIsExpected(name: String) throws {
    try withTemporaryFolder { scratch in
      try Self.putInputs(into: scratch)
      let script = Self.folder.appending(path: name + ".ipscript").path
      let result = try ipsh(["-q", script], directory: scratch.path)
      let errors = result.stderr.replacingOccurrences(of: Self.folder.path + "/", with: "")
      let printed = errors.isEmpty ? result.stdout : result.stdout + "--- stderr\n" + errors
      let path = Self.folder.appending(path: name + ".expected").path
      let expected = try String(contentsOfFile: path, encoding: .utf8)
      let difference = firstDifference(printed, expected)
      #expect(difference == nil, "\(name): \(difference ?? "")")
      #expect(result.status == (errors.contains("error: ") ? 1 : 0))
    }
  }
}
