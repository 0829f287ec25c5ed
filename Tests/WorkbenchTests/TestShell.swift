import Faults
import Foundation
import Language
import Scripting
import Workbench

/// A session whose output is collected.
final class TestShell {
  let interpreter: Interpreter
  private let output: FileHandle
  private let folder: URL

  init(
    format: String = "table", errors: Int32 = STDERR_FILENO, isTerminal: Bool = false,
    environment: [String: String] = ["HOME": "/nonexistent"],
    checkInterruption: @escaping InterruptionCheck = {}, acknowledgeInterruption: @escaping () -> Void = {}
  ) throws {
    folder = URL.temporaryDirectory.appending(path: "ipsh-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: "stdout").path
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    output = try FileHandle(forUpdating: URL(filePath: path))
    var session = Session()
    try session.set("format", to: .string(format))
    try session.set("quiet", to: .bool(true))
    let console = Console(
      output: output.fileDescriptor, error: errors, isTerminal: isTerminal, usesColor: false,
      usesUnicode: true)
    interpreter = Interpreter(
      session: session, environment: environment, console: console,
      checkInterruption: checkInterruption, acknowledgeInterruption: acknowledgeInterruption)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A path in a folder that goes with the shell.
  func path(_ name: String) -> String { folder.appending(path: name).path }

  /// Runs a script and returns what it printed.
  @discardableResult
  func run(_ text: String, name: String? = "test.ipscript") throws -> String {
    try output.truncate(atOffset: 0)
    try interpreter.run(Source(name: name, text: text))
    return try printed()
  }

  /// What was printed by a script that was interrupted; nil when it was not.
  func printedUntilInterrupted(_ text: String) throws -> String? {
    try output.truncate(atOffset: 0)
    do { try interpreter.run(Source(name: nil, text: text)) } catch is Interrupted { return try printed() }
    return nil
  }

  private func printed() throws -> String {
    try output.seek(toOffset: 0)
    return String(decoding: try output.readToEnd() ?? Data(), as: UTF8.self)
  }

  /// The rendered diagnostic of a script that must fail.
  func failure(_ text: String, name: String? = "test.ipscript") -> String {
    do {
      try run(text, name: name)
      return "no error"
    } catch let diagnostic as Diagnostic { return diagnostic.rendered() } catch {
      return "\(error)"
    }
  }
}
