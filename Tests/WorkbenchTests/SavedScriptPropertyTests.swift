import Foundation
import Scripting
import Testing

@testable import Language
@testable import Workbench

/// A script that `save script` has written makes the same bytes again.
@Suite struct SavedScriptPropertyTests {
  private static let sessions: Range<UInt64> = 0..<150

  @Test func savedScriptsRepeatTheirResults() throws {
    var (checked, refused, shorter) = (0, 0, 0)
    for seed in Self.sessions {
      let shell = try TestShell()
      try Self.prepare(shell)
      var random = RandomSession(seed: seed, folder: shell.path("files"))
      let statements = random.statements(16)
      for statement in statements { _ = try? shell.run(statement) }
      _ = try? shell.run("output")
      let name = random.name()
      guard let expected = Self.bytes(of: name, in: shell.interpreter) else { continue }
      guard let script = try Self.script(for: name, shell) else {
        refused += 1
        continue
      }
      // Nothing may be left over from the session.
      try FileManager.default.removeItem(atPath: shell.path("files"))
      try Self.prepare(shell)
      let replay = try TestShell()
      let failure = Result { try replay.run(script) }
      let found = Self.bytes(of: name, in: replay.interpreter)
      #expect(
        found == expected,
        "seed \(seed), \(name): \(failure)\n\(statements.joined(separator: "\n"))\n--- script\n\(script)")
      checked += 1
      if script.split(separator: "\n").count < statements.count / 2 { shorter += 1 }
    }
    #expect(checked > 75 && refused < 60 && shorter > 25, "\(checked) \(refused) \(shorter)")
  }

  private static func prepare(_ shell: TestShell) throws {
    try FileManager.default.createDirectory(atPath: shell.path("files"), withIntermediateDirectories: true)
    try "let a = [a, 1]\nprint b\n".write(
      toFile: shell.path("files/library.ipscript"), atomically: true, encoding: .utf8)
  }

  /// nil when the result cannot be repeated.
  private static func script(for name: String, _ shell: TestShell) throws -> String? {
    do {
      return try SavedScript(of: shell.interpreter).text(for: .variable(name), named: name, at: "s.ipscript")
    } catch ReplayFault.unrepeatable { return nil }
  }

  private static func bytes(of name: String, in interpreter: Interpreter) -> String? {
    interpreter.session.variables[name].flatMap { try? $0.data }.map { "\($0)" }
  }
}
