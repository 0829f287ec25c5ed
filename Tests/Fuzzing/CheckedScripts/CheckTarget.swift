import Faults
import Foundation
import Language
import Scripting
import Workbench

/// `--check` of a script and a run of it: they agree, both ways.
///
/// They may differ where the script says that a check cannot know all of it: then a fault may stand where the contents of
/// a file lead, or not be found for they decide. A body of a `try` that works with computed numbers may fail or not, so
/// that a fault behind it may depend on what its handler has done.
package final class CheckTarget: FuzzTarget {
  private let scratch: ScratchFile
  private let model: String?
  private let null: FileHandle

  /// - Parameter model: the folder of a model that the scripts are about as well.
  package init(model: String? = nil) throws {
    scratch = try ScratchFile(name: "library.ipscript")
    self.model = model
    guard let null = FileHandle(forWritingAtPath: "/dev/null") else { throw BrokenLaw("no /dev/null") }
    self.null = null
  }

  package func input(_ generator: inout SeededGenerator) -> [UInt8] {
    var scripts = ScriptGenerator(
      random: SeededGenerator(seed: generator.next()), folder: scratch.folder, model: model)
    return Array(scripts.script().utf8)
  }

  package func run(_ input: [UInt8]) throws -> String {
    let text = String(decoding: input, as: UTF8.self)
    try prepare()
    let findings = try check(text)
    let files = try files()
    try require(files == ["library.ipscript"], "a check writes no file: \(files)")
    let failure: String?
    do { failure = try run(text) } catch is Interrupted { return "takes too long to compare" }
    if model != nil, text.contains("try {"), findings.isEmpty, failure != nil {
      return "not found, for computed numbers decide"
    }
    if text.hasPrefix(ScriptGenerator.undecided), findings.isEmpty != (failure == nil) {
      return findings.isEmpty
        ? "not found, for a file's contents decide" : "found where a file's contents lead"
    }
    try require(failure == nil || !findings.isEmpty, "not found: \(failure ?? "")")
    try require(failure != nil || findings.isEmpty, "false alarm: \(findings.first ?? "")")
    return failure == nil ? "accepted" : "fails, as a check says"
  }

  private func prepare() throws {
    for file in try files() { try FileManager.default.removeItem(atPath: scratch.folder + "/" + file) }
    try scratch.write(Array("let library_value = 5\n".utf8))
  }

  private func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: scratch.folder).sorted()
  }

  private func interpreter(checks count: Int) -> Interpreter {
    let descriptor = null.fileDescriptor
    var session = Session()
    try? session.set("quiet", to: .bool(true))
    return Interpreter(
      session: session, environment: [:],
      console: Console(
        output: descriptor, error: descriptor, isTerminal: false, usesColor: false, usesUnicode: true),
      checkInterruption: limit(count))
  }

  /// Loops in loops may take long.
  private func limit(_ count: Int) -> InterruptionCheck {
    // The interpreter runs on this thread.
    nonisolated(unsafe) var checks = 0
    return {
      checks += 1
      if checks > count { throw Interrupted() }
    }
  }

  private func check(_ text: String) throws -> [String] {
    let interpreter = interpreter(checks: .max)
    do {
      return try interpreter.check([interpreter.parse(source(text))]).diagnostics.map {
        $0.rendered()
      }
    } catch let diagnostic as Diagnostic { return [diagnostic.rendered()] }
  }

  /// - Returns: what fails; nil when nothing does.
  private func run(_ text: String) throws -> String? {
    let interpreter = interpreter(checks: 20_000)
    do {
      try interpreter.run(source(text))
      try interpreter.finish()
      return nil
    } catch let diagnostic as Diagnostic { return diagnostic.rendered() }
  }

  private func source(_ text: String) -> Source { Source(name: "script", text: text) }
}
