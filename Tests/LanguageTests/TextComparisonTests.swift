import Foundation
import Scripting
import Testing

@testable import Language

/// What compares strings does so by their Unicode scalars. Each line of a script is right only if the composed and the
/// decomposed form of an accented letter are two strings.
@Suite struct TextComparisonTests {
  private final class Counter: @unchecked Sendable {
    var count = 0
  }

  private func interpreter(_ output: FileHandle, _ asked: Counter = Counter()) -> Interpreter {
    let domain = LevelDomain()
    return Interpreter(
      session: Session(domain.initialState), registry: CommandRegistry(domain: [RaiseCommand()]),
      domain: domain, environment: [:],
      console: Console(
        output: output.fileDescriptor, error: FileHandle.nullDevice.fileDescriptor, isTerminal: false,
        usesColor: false, usesUnicode: true),
      checkInterruption: { asked.count += 1 })
  }

  private func printed(_ script: String) throws -> String {
    let pipe = Pipe()
    try interpreter(pipe.fileHandleForWriting).run(Source(name: nil, text: script))
    try pipe.fileHandleForWriting.close()
    return String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
  }

  /// `c` is composed, `d` decomposed.
  private static let forms = "let c = \"\\u{E9}\"\nlet d = \"e\\u{301}\"\n"

  @Test(arguments: [
    ("print c == d c != d c == c d == \"e\\u{301}\"", "false true true true"),
    ("print d < c c < d d <= c c > d c >= d", "true false true true true"),
    // Lists, records and tables of them
    ("print [c] == [d] {a: c} == {a: d}", "false false"),
    ("print contains([c], d) contains([c, d], d) contains({a: c}, d)", "false true false"),
    ("print len(unique([c, d, c, d]))", "2"),
    ("print len(unique([[c], [d], [c]]))", "2"),
    ("print sort([c, \"z\", d, \"e\"])[1] == d sort([c, \"z\"])[1] == c", "true true"),
    ("let r = concat({a: 1}, {b: 2})\nprint len(keys(r))", "2"),
    ("let t = table([{name: c}, {name: d}, {name: c}])\nprint len(group(t, by=\"name\"))", "2"),
    ("let t = table([{name: c}, {name: d}, {name: c}])\nprint len(where(t, \"name\", \"==\", c))", "2"),
    // Strings and their parts
    ("print contains(d, \"e\") contains(c, \"e\") contains(d, c)", "true false false"),
    (
      "print starts_with(d, \"e\") ends_with(d, \"\\u{301}\") starts_with(d, c) ends_with(c, d)",
      "true true false false"
    ),
    ("print replace(c + d, d, \"x\") == c + \"x\" replace(c + d, c, \"x\") == \"x\" + d", "true true"),
    ("print len(split(c + \",\" + d, \",\")) len(split(c, d)) len(split(\"a\" + d + \"b\", d))", "2 1 2"),
    // Counted and indexed as readers do
    ("print len(d) d[0] == d len(split(d + c, \"\"))", "1 true 2"),
    // A line end in a text is one scalar after another
    ("print len(split(\"a\\r\\nb\", \"\\n\")) contains(\"a\\r\\nb\", \"\\n\")", "2 true"),
    // Keys that come from strings
    ("let r = {\"\\u{E9}\": 1, \"e\\u{301}\": 2}\nprint len(keys(r)) r[c] r[d]", "2 1 2"),
  ])
  func byScalars(script: String, expected: String) throws {
    #expect(try printed(Self.forms + script) == expected + "\n")
  }

  @Test func readKeepsEquivalentKeysApart() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "ipsh-\(UUID().uuidString).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("{\"\u{E9}\": 1, \"e\u{301}\": 2}".utf8).write(to: URL(fileURLWithPath: path))
    let script = Self.forms + "let r = read(\"\(path)\")\nprint len(keys(r)) r[c] r[d]"
    #expect(try printed(script) == "2 1 2\n")
  }

  /// Work with strings is counted by how often it asks whether to stop: twice as much of a hostile text is at most about
  /// twice as many.
  @Test(
    arguments: [
      "let y = s == s + \"x\"", "let y = contains(s, \"x\")", "let y = contains(s, s + \"x\")",
      "let y = len(split(s, \"x\"))",
      "let y = len(split(s))", "let y = len(replace(s, \"x\", \"y\"))", "let y = len(s)",
      "let y = len(split(s, \"\"))",
      "let y = len(unique([s, s + \"x\", s]))", "let y = len(sort([s, s + \"x\", s]))",
      "let y = len(trim(s))",
      "let y = len(upper(s))",
      "let r = {a: s}\nlet y = contains(r, s)",
    ], ["\u{323}\u{301}", "a\u{323}", "ab", "\r\n", "\u{1F1E9}", " ", "\u{200D}\u{1F469}"])
  func hostileTextsTakeLinearWork(script: String, unit: String) throws {
    let counts = try (12...15).map { power -> Int in
      let asked = Counter()
      let interpreter = interpreter(.nullDevice, asked)
      interpreter.session.variables["s"] = .string(String(repeating: unit, count: 1 << power))
      try interpreter.run(Source(name: nil, text: script))
      return asked.count
    }
    for (few, many) in zip(counts, counts.dropFirst()) { #expect(many <= 2 * few + 4, "\(counts)") }
  }
}
