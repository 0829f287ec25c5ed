import Foundation
import Scripting
import Testing

@testable import Language

/// The language with a domain that knows no model: what it does for every domain.
@Suite struct DomainTests {
  private func interpreter(_ output: FileHandle = .standardError) -> Interpreter {
    let domain = LevelDomain()
    return Interpreter(
      session: Session(domain.initialState), registry: CommandRegistry(domain: [RaiseCommand()]),
      domain: domain, environment: [:],
      console: Console(
        output: output.fileDescriptor, error: FileHandle.nullDevice.fileDescriptor, isTerminal: false,
        usesColor: false, usesUnicode: true))
  }

  private func printed(_ script: String) throws -> String {
    let pipe = Pipe()
    try interpreter(pipe.fileHandleForWriting).run(Source(name: nil, text: script))
    try pipe.fileHandleForWriting.close()
    return String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
  }

  @Test(arguments: [
    // Names, and what `with` changes back, also by something that was made before.
    ("let r = raise(2)\nprint level\nwith r { print level }\nprint level", "2\n4\n2\n"),
    ("with raise(3) { with raise(4) { print level }; print level }\nprint level", "7\n3\n0\n"),
    // A failed command leaves nothing behind.
    ("try { with raise(1) { print level nowhere } } catch e { print e.code level }", "unknown-name 0\n"),
    ("try { if true { raise(1)\nprint 1 / 0 } } catch e { print level }", "rise by 1\n0\n"),
    // What an object stands for.
    ("print abs(raise(-5)) len(\"abc\") map([1, 2], sqrt)[0]", "5 3 1\n"),
  ])
  func scriptsRun(script: String, expected: String) throws {
    let found = try printed(script)
    #expect(found == expected)
  }

  @Test func aCheckKnowsWhatItDoesNotKnow() throws {
    let interpreter = interpreter()
    let source = Source(name: nil, text: "def f(n) { raise(n) }\nf(3)\nwith 5 { print level }\nprint nowhere")
    let diagnostics = try interpreter.check([try interpreter.parse(source)]).diagnostics
    #expect(diagnostics.map(\.code) == ["with-intervention", "unknown-name"])
    #expect(
      diagnostics.first?.message
        == "`with` takes a rise for its block; this is a number, which changes nothing")
  }

  @Test func aSavedScriptMakesTheStateAgain() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "ipsh-\(UUID().uuidString).ipscript")
      .path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let script = "raise 2\nlet other = 7\nlet x = level + 1\nsave script x \"\(path)\""
    try interpreter().run(Source(name: nil, text: script))
    let saved = try String(contentsOfFile: path, encoding: .utf8)
    #expect(
      saved.split(separator: "\n").filter { !$0.hasPrefix("#") } == ["raise 2", "let x = level + 1", "x"])
  }

  @Test func theReferenceListsTheDomainsGroupFirst() {
    let groups = CommandRegistry(domain: [RaiseCommand()]).groups.map(\.name)
    #expect(groups == ["Levels", "Session", "Language", "Functions", "Help"])
  }
}
