import Faults
import Foundation
import Testing

@testable import Language
@testable import Workbench

/// What `--serve` does, without the process.
@Suite struct RequestServerTests {
  /// The lines that a session has answered with.
  private final class Served {
    let shell: TestShell
    private var lines: [String] = []
    private var server: RequestServer?

    init(_ check: @escaping InterruptionCheck = {}) throws {
      shell = try TestShell(checkInterruption: check)
      server = RequestServer(shell.interpreter) { [unowned self] in lines.append($0) }
    }

    /// All lines of one request.
    func lines(_ request: String) throws -> [String] {
      lines = []
      try server?.answer(Array(request.utf8))
      return lines
    }

    /// The reply of a request that has no lines before it.
    func reply(_ request: String) throws -> String {
      let lines = try lines(request)
      #expect(lines.count == 1, "\(lines)")
      return lines.first ?? ""
    }

    func object(_ request: String) throws -> [String: Any] {
      let reply = try reply(request)
      return try #require(try JSONSerialization.jsonObject(with: Data(reply.utf8)) as? [String: Any])
    }
  }

  private func code(_ text: String, _ more: String = "") throws -> String {
    let json = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    return "{\"id\": 1, \"code\": \(json)\(more)}"
  }

  @Test func resultsAreThoseOfTheMachineForm() throws {
    let served = try Served()
    #expect(
      try served.reply(#"{"id": 1, "code": "let x = 2\nprint x\n\nx / 0.5; [x, 10 ^ 400]"}"#)
        == #"{"id": 1, "results": [{"command": "print", "line": 2, "result": 2}, {"command": "x / 0.5", "line": 4, "result": 4}, "#
        + #"{"command": "[x, 10 ^ 400]", "line": 4, "result": [2, null]}], "error": null, "warnings": [], "notes": []}"#
    )
    #expect(
      try served.reply(#"{"id": 2, "code": "print x"}"#).hasPrefix(
        #"{"id": 2, "results": [{"command": "print", "#))
    #expect(try served.shell.run("print 1") == "")
  }

  @Test(arguments: [
    "null", "true", "1", "-0.5e3", "12345678901234567890123", "\"a \\\"b\\\" é\"", "[1, [2]]",
    "{\"a\": [null]}", "\"\"",
  ])
  func anyIdComesBackAsItWas(id: String) throws {
    let reply = try Served().reply("{\"id\": \(id), \"code\": \"\"}")
    #expect(reply == "{\"id\": \(id), \"results\": [], \"error\": null, \"warnings\": [], \"notes\": []}")
  }

  /// A cell is a prompt as well.
  @Test func habitsOfThePromptAreHeard() throws {
    let served = try Served()
    #expect(try served.reply(code("forward?")).contains("run the model"))
    #expect(try served.reply(code("let forward = 1\nforward?")).contains("write `help forward`"))
  }

  @Test func anErrorKeepsWhatCameBeforeItAndTheSession() throws {
    let served = try Served()
    let reply = try served.object(code("let x = 1\nprint x\nprint [][x]\nprint 3", #", "name": "In [3]""#))
    #expect((reply["results"] as? [Any])?.count == 1)
    let error = try #require(reply["error"] as? [String: Any])
    #expect(error["code"] as? String == "index-range" && error["line"] as? Int == 3)
    #expect(error["column"] as? Int == 10 && error["file"] as? String == "In [3]")
    #expect(
      error["text"] as? String
        == "In [3]:3:10: error: index 1 into an empty list\n  print [][x]\n           ^")
    #expect(try served.reply(code("print x")).contains("\"result\": 1"))
    let unparsed = try served.object(code("print 1\nprint ("))
    #expect((unparsed["results"] as? [Any])?.isEmpty == true)
    #expect((unparsed["error"] as? [String: Any])?["line"] as? Int == 2)
  }

  /// Never silence, never two replies, and the session goes on.
  @Test(arguments: [
    ("", "null", "the request is no JSON:1:1: expected a value, found the end of the text"),
    ("nonsense", "null", "the request is no JSON:1:1: expected a value, found 'n'"),
    ("{\"id\": 1, \"code\": \"a", "null", "the request is no JSON:1:"),
    ("[1]", "null", "a request is an object, found a list of 1"),
    ("\"x\"", "null", "a request is an object, found \"x\""),
    ("{}", "null", "the request has no `id`"),
    ("{\"code\": \"print 1\"}", "null", "the request has no `id`"),
    ("{\"id\": 7}", "7", "the request asks for nothing"),
    ("{\"id\": 7, \"code\": 1}", "7", "`code` expects a string, found 1"),
    ("{\"id\": 7, \"code\": null}", "7", "`code` expects a string, found null"),
    ("{\"id\": 7, \"code\": \"\", \"help\": \"\"}", "7", "the request asks for several things: code, help"),
    ("{\"id\": 7, \"cod\": \"\"}", "7", "a request has no field `cod`"),
    ("{\"id\": 7, \"code\": \"\", \"cursor\": 0}", "7", "`cursor` does not apply to `code`"),
    (
      "{\"id\": 7, \"complete\": \"é\", \"cursor\": 2}", "7",
      "`cursor` is at 2, the text has 1 Unicode scalars"
    ),
    (
      "{\"id\": 7, \"complete\": \"\", \"cursor\": -1}", "7",
      "`cursor` expects a whole number from 0, found -1"
    ),
    (
      "{\"id\": 7, \"complete\": \"a\", \"cursor\": 0.5}", "7",
      "`cursor` expects a whole number from 0, found 0.5"
    ),
    ("{\"id\": 7, \"code\": \"\", \"mime\": [\"a/b\"]}", "7", "`mime` expects a list of text/plain, "),
    ("{\"id\": 7, \"code\": \"\", \"stream\": 1}", "7", "`stream` expects true or false, found 1"),
    ("{\"id\": 7, \"id\": 8}", "null", "the request is no JSON:1:11: expected each key once"),
    ("{\"id\": \"\\ud800\", \"code\": \"\"}", "null", "the request is no JSON:1:"),
  ])
  func whatIsNoRequestIsAnswered(line: String, id: String, message: String) throws {
    let served = try Served()
    let reply = try served.object(line)
    let error = try #require(reply["error"] as? [String: Any])
    #expect(error["code"] as? String == "bad-request")
    #expect((error["message"] as? String)?.hasPrefix(message) == true, "\(error)")
    #expect(try served.reply(line).hasPrefix("{\"id\": \(id), \"results\": [], "))
    #expect(try served.reply(code("print 1")).contains("\"result\": 1"))
  }

  @Test func invalidUTF8IsAnswered() throws {
    let served = try Served()
    var lines: [String] = []
    let server = RequestServer(served.shell.interpreter) { lines.append($0) }
    try server.answer(Array("{\"id\": 1, \"code\": \"".utf8) + [0xFF] + Array("\"}".utf8))
    #expect(lines.count == 1 && lines[0].contains("expected UTF-8, found byte "))
    try server.refuse(.tooLong(limit: 16 << 20))
    #expect(lines.count == 2 && lines[1].contains("\"code\": \"bad-request\""))
  }

  @Test func warningsAreInTheReply() throws {
    let reply = try Served().object(code("warn \"a\"\nprint 1"))
    let warnings = try #require(reply["warnings"] as? [[String: Any]])
    #expect(warnings.map { $0["message"] as? String } == ["a"] && warnings[0]["line"] as? Int == 1)
    #expect((reply["results"] as? [Any])?.count == 1)
  }

  @Test func aStreamTellsThingsAsTheyHappen() throws {
    let served = try Served()
    let lines = try served.lines(code("print 1\nwarn \"a\"\nprint 2\nprint [][0]", ", \"stream\": true"))
    #expect(lines.count == 4)
    #expect(lines[0] == #"{"id": 1, "result": {"command": "print", "line": 1, "result": 1}}"#)
    #expect(lines[1].hasPrefix(#"{"id": 1, "warning": {"code": "warning", "message": "a", "#))
    #expect(lines[2] == #"{"id": 1, "result": {"command": "print", "line": 3, "result": 2}}"#)
    #expect(lines[3].hasPrefix(#"{"id": 1, "results": [], "error": {"code": "index-range", "#))
  }

  @Test func progressIsToldWhereItIsAskedFor() throws {
    let served = try Served()
    try served.shell.run("set quiet false\nload \"demo\"")
    let sweep = "let s = sweep(heads, on=sva_obj, rows=8, layers=2..2)"
    let lines = try served.lines(code(sweep, ", \"stream\": true"))
    #expect(lines.contains { $0.hasPrefix(#"{"id": 1, "progress": "sweep"#) }, "\(lines)")
    #expect(try served.lines(code(sweep)).count == 1)
    _ = try served.lines(code("set quiet true"))
    #expect(try served.lines(code(sweep, ", \"stream\": true")).count == 1)
  }

  @Test func notesAreInTheReply() throws {
    let served = try Served()
    let reply = try served.object(code("set quiet false\nsave 1 \"\(served.shell.path("a.json"))\""))
    #expect((reply["notes"] as? [String])?.first?.hasPrefix("saved ") == true, "\(reply)")
  }

  @Test func anInterruptedRequestSaysSo() throws {
    final class Wish: @unchecked Sendable { var isStopped = false }
    let wish = Wish()
    let served = try Served { if wish.isStopped { throw Interrupted() } }
    wish.isStopped = true
    let reply = try served.object(code("let x = 1"))
    #expect(
      (reply["error"] as? [String: Any])?["code"] as? String == "interrupted" && reply["id"] as? Int == 1)
    wish.isStopped = false
    #expect(try served.reply(code("print 1")).contains("\"error\": null"))
  }

  // MARK: Completion and help

  @Test(arguments: [
    ("forw", nil, ["forward"], 0, 4), ("print 1\nforw", nil, ["forward"], 8, 12),
    ("forwxx", 4, ["forward"], 0, 4), ("print \"é🙂\"; forw", nil, ["forward"], 12, 16),
    ("print \"é🙂\"; forwx", 16, ["forward"], 12, 16), ("print größe_", nil, ["größe_zwei"], 6, 12),
    ("zzzz", nil, [], 0, 4),
  ])
  func completionCountsScalars(text: String, cursor: Int?, texts: [String], start: Int, end: Int) throws {
    let served = try Served()
    _ = try served.reply(code("let größe_zwei = 2"))
    let json = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    let place = cursor.map { ", \"cursor\": \($0)" } ?? ""
    let reply = try served.object("{\"id\": 1, \"complete\": \(json)\(place)}")
    let results = try #require(reply["results"] as? [[String: Any]])
    #expect(results.map { $0["text"] as? String } == texts)
    #expect(reply["start"] as? Int == start && reply["end"] as? Int == end)
    if let first = results.first { #expect(first["whole"] as? Bool == true && first["description"] != nil) }
  }

  @Test(arguments: [
    ("{\"id\": 1, \"help\": \"forward\"}", "forward "), ("{\"id\": 1, \"help\": \"nodes\"}", "Layers, heads"),
    ("{\"id\": 1, \"help\": \"while\"}", "One statement a line"),
    ("{\"id\": 1, \"help\": \"print forward top\", \"cursor\": 8}", "forward "),
    ("{\"id\": 1, \"help\": \"forward top=5\", \"cursor\": 12}", "forward "),
    ("{\"id\": 1, \"help\": \"forward top=5\", \"cursor\": 10}", "forward "),
    ("{\"id\": 1, \"help\": \"print top([1])\", \"cursor\": 8}", "top("),
    ("{\"id\": 1, \"help\": \"print \\\"é\\\" ; mean(x, y)\", \"cursor\": 20}", "mean("),
    ("{\"id\": 1, \"help\": \"let y = x\", \"cursor\": 9}", "x: list\n3 elements"),
  ])
  func helpIsOnWhatIsAsked(request: String, start: String) throws {
    let served = try Served()
    _ = try served.reply(code("let x = [1, 2, 3]"))
    let reply = try served.object(request)
    let text = (reply["results"] as? [[String: Any]])?.first?["result"] as? String
    #expect(text?.hasPrefix(start) == true, "\(reply)")
  }

  @Test func helpOnNothingIsEmptyAndOnAnUnknownNameAnError() throws {
    let served = try Served()
    #expect(
      try served.reply("{\"id\": 1, \"help\": \"zz\", \"cursor\": 1}").hasPrefix(
        #"{"id": 1, "results": [], "error": null"#))
    let error = try served.object("{\"id\": 1, \"help\": \"forwrd\"}")["error"] as? [String: Any]
    #expect(
      error?["code"] as? String == "unknown-topic"
        && error?["notes"] as? [String] == ["did you mean `forward`?"])
  }

  @Test(arguments: [("print 1", true), ("for x in [1] {", false), ("print (1 +", false), ("print )", true)])
  func completenessIsThatOfTheShell(text: String, isComplete: Bool) throws {
    let reply = try Served().reply("{\"id\": 1, \"is_complete\": \"\(text)\"}")
    #expect(reply.hasPrefix("{\"id\": 1, \"results\": [\(isComplete)], \"error\": null"))
  }

  // MARK: What a person is shown

  @Test func formsAreThoseThatAValueHas() throws {
    let served = try Served()
    let types = ", \"mime\": [\"text/plain\", \"text/html\", \"image/svg+xml\"]"
    let reply = try served.object(
      code(
        "print 1\ntable([{a: 1, b: \"<x>\"}])\nheatmap tensor([[1, 2], [3, 4]])\n{n: 1, list: [{a: 0.5}, {a: 2}]}",
        types + ", \"values\": false"))
    let results = try #require(reply["results"] as? [[String: Any]])
    let shown = results.compactMap { $0["mime"] as? [String: String] }
    #expect(results.allSatisfy { $0["result"] == nil && $0["command"] != nil } && shown.count == 4)
    #expect(shown[0] == ["text/plain": "1"])
    #expect(shown[1]["text/plain"] == "a  b\n1  <x>")
    #expect(shown[1]["text/html"]?.contains("&lt;x&gt;</td>") == true)
    #expect(Set(shown[2].keys) == ["text/plain", "image/svg+xml"])
    #expect(shown[2]["image/svg+xml"]?.hasPrefix("<svg ") == true)
    #expect(shown[3]["text/html"]?.contains("<b>list</b>") == true, "\(shown[3])")
  }

  @Test func longTablesAreCutForPeopleOnly() throws {
    let served = try Served()
    let shown = try served.object(code("top(list(0..<100), 100)", ", \"mime\": [\"text/plain\"]"))
    let result = try #require((shown["results"] as? [[String: Any]])?.first)
    let text = try #require((result["mime"] as? [String: String])?["text/plain"])
    #expect(text.hasSuffix("40 more rows"), "\(text)")
    #expect(((result["result"] as? [String: Any])?["rows"] as? [Any])?.count == 100)
  }
}
