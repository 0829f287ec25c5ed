import Faults
import Foundation
import JSONReading
import Language
import Workbench

/// Lines for `--serve`: each has one reply, a line of strict JSON with the id of its request.
package final class RequestsTarget: FuzzTarget {
  private let null: FileHandle

  package init() throws {
    guard let null = FileHandle(forWritingAtPath: "/dev/null") else { throw BrokenLaw("no /dev/null") }
    self.null = null
  }

  private static let ids = ["1", "null", "\"a\\u00e9\"", "[1, {}]", "-0.5", "{\"a\": 1e400}"]
  private static let texts = [
    "print 1", "let x = [1, 2]\\nprint x", "print [][0]", "for i in 0..<3 { print i }", "print \\\"é{x}\\\"",
    "forw", "print (",
    "print L2H", "warn \\\"a\\\"", "qoi is - ##s", "",
  ]
  private static let options = [
    "", "", ", \"cursor\": 3", ", \"cursor\": 0", ", \"stream\": true", ", \"name\": \"In [1]\"",
    ", \"values\": false",
    ", \"mime\": [\"text/plain\", \"text/html\"]", ", \"width\": 20",
  ]

  package func input(_ generator: inout SeededGenerator) -> [UInt8] {
    let task = generator.pick(["code", "code", "code", "complete", "help", "is_complete"])
    let line =
      "{\"id\": \(generator.pick(Self.ids)), \"\(task)\": \"\(generator.pick(Self.texts))\"\(generator.pick(Self.options))}"
    let bytes = Array(line.utf8)
    // A line end would be the end of the request.
    return (generator.chance(3) ? bytes : generator.mutated(bytes, 1...2)).filter { $0 != UInt8(ascii: "\n") }
  }

  package func run(_ input: [UInt8]) throws -> String {
    var lines: [String] = []
    // The interpreter runs on this thread.
    nonisolated(unsafe) var checks = 0
    let interpreter = Interpreter(
      environment: [:],
      console: Console(
        output: null.fileDescriptor, error: null.fileDescriptor, isTerminal: false, usesColor: false,
        usesUnicode: true),
      checkInterruption: {
        checks += 1
        if checks > 20_000 { throw Interrupted() }
      })
    try RequestServer(interpreter) { lines.append($0) }.answer(input)
    let replies = try lines.map { try JSONField(document: Array($0.utf8)) }
    try require(!lines.contains { $0.utf8.contains(UInt8(ascii: "\n")) }, "a line end in a reply")
    let isReply = try replies.map { try $0.members().contains { $0.key == "results" } }
    try require(isReply.count { $0 } == 1 && isReply.last == true, "one reply, the last line: \(lines)")
    if case .object(let fields)? = try? JSONReader.read(input), let id = fields["id"] {
      for reply in replies {
        try require(try reply.required("id").value.text == id.text, "the id \(id.text): \(lines)")
      }
    }
    guard let error = try replies.last?.optional("error") else { return "accepted" }
    guard case .string(let code) = try error.required("code").value else {
      throw BrokenLaw("an error without code")
    }
    return code
  }
}
