import Faults
import Foundation
import Language
import Scripting
import Workbench

/// Programs: each parses or has a diagnostic with a place, and runs the same way twice, to its end, a fault or an interruption.
package final class LanguageTarget: FuzzTarget {
  /// Verbs that write files, or read more than what the program says.
  private static let excluded: Set = [
    "save", "output", "once", "source", "read", "load", "task", "time", "record", "history", "quit",
  ]
  private let registry: CommandRegistry
  private let files: [ScratchFile]
  private let handles: [FileHandle]

  package init() throws {
    registry = CommandRegistry.standard.without(Self.excluded)
    files = [try ScratchFile(name: "first"), try ScratchFile(name: "second")]
    handles = try files.map { file in
      try file.write([])
      return try FileHandle(forUpdating: URL(fileURLWithPath: file.path))
    }
  }

  package func input(_ generator: inout SeededGenerator) -> [UInt8] {
    switch generator.count(0...9) {
    case 0: return generator.randomBytes(0...60)
    case 1...3:
      var texts = TextGenerator(seed: generator.next())
      return Array(texts.text().utf8)
    default:
      var programs = ProgramGenerator(random: SeededGenerator(seed: generator.next()))
      let program = Array(programs.program().utf8)
      return generator.chance(8) ? generator.mutated(program) : program
    }
  }

  package func run(_ input: [UInt8]) throws -> String {
    let text = String(decoding: input, as: UTF8.self)
    let (first, second) = (try play(text, handles[0]), try play(text, handles[1]))
    try require(first.outcome == second.outcome, "\(first.outcome), then \(second.outcome)")
    try require(first.output == second.output, "two outputs")
    return first.outcome
  }

  private func play(_ text: String, _ handle: FileHandle) throws -> (outcome: String, output: Data) {
    try handle.truncate(atOffset: 0)
    let descriptor = handle.fileDescriptor
    let console = Console(
      output: descriptor, error: descriptor, isTerminal: false, usesColor: false, usesUnicode: true)
    // The interpreter runs on this thread.
    nonisolated(unsafe) var checks = 0
    let interpreter = Interpreter(registry: registry, environment: [:], console: console) {
      checks += 1
      if checks > 3000 { throw Interrupted() }
    }
    let outcome = try outcome(of: text, interpreter)
    try handle.seek(toOffset: 0)
    return (outcome, try handle.readToEnd() ?? Data())
  }

  private func outcome(of text: String, _ interpreter: Interpreter) throws -> String {
    do {
      try interpreter.run(Source(name: nil, text: text))
      return "accepted"
    } catch let diagnostic as Diagnostic {
      let size = text.utf8.count
      if let range = diagnostic.span?.range {
        try require(range.lowerBound >= 0 && range.upperBound <= size, "a place outside of the text")
      }
      let isClean = !diagnostic.rendered().unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" }
      try require(isClean, "a control character in \(diagnostic.rendered().debugDescription)")
      return diagnostic.code
    } catch is Interrupted {
      return "interrupted"
    }
  }
}
