import Foundation
import PseudoTerminals
import SystemCalls
import Testing

/// `ipsh --serve` as a coprocess.
@Suite struct ServeTests {
  @Test func requestsHaveRepliesUntilTheInputEnds() throws {
    let input = """
      {"id": "a", "code": "let x = 1\\nprint x"}
      nonsense
      {"id": 2, "code": "print [][x]"}
      {"id": 3, "complete": "forw"}

      {"id": 4, "code": "print x"}
      """
    let result = try ipsh(["--serve", "-q"], stdin: input)
    #expect(result.status == 0 && result.stderr == "", "\(result.stderr)")
    let ids = try result.stdout.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])["id"]
    }
    #expect(ids.map { "\($0 ?? "-")" } == ["a", "<null>", "2", "3", "<null>", "4"])
    #expect(result.stdout.hasSuffix("\n"))
  }

  @Test func quittingEndsItWithItsReply() throws {
    let result = try ipsh(
      ["--serve"], stdin: "{\"id\": 1, \"code\": \"print 1\\nquit\"}\n{\"id\": 2, \"code\": \"\"}\n")
    #expect(result.status == 0 && result.stdout.split(separator: "\n").count == 1)
    #expect(
      result.stdout.hasPrefix(
        #"{"id": 1, "results": [{"command": "print", "line": 1, "result": 1}], "error": null, "finished": true, "#
      ))
  }

  @Test func aModelIsLoadedBeforeTheFirstRequest() throws {
    let result = try ipsh(
      ["--serve", "-q", "-m", "demo"], stdin: "{\"id\": 1, \"code\": \"print model().layers\"}")
    #expect(result.status == 0 && result.stdout.contains("\"result\": 6"), "\(result.stderr)")
    let missing = try ipsh(["--serve", "-m", "/nowhere"], stdin: "{\"id\": 1, \"code\": \"\"}")
    #expect(missing.status == 1 && missing.stdout == "" && missing.stderr.contains("/nowhere"))
  }

  @Test(arguments: [
    ["-c", "print 1"], ["--check"], ["--verify"], ["--bless", "a.ipscript"], ["--echo"], ["--shard", "0/2"],
    ["--format", "json"], ["a.ipscript"],
  ])
  func optionsThatMakeNoSenseBesideItAreRefused(options: [String]) throws {
    let result = try ipsh(["--serve"] + options)
    #expect(result.status == 2 && result.stdout == "" && !result.stderr.isEmpty, "\(result.stderr)")
  }

  /// Not even what a library writes, which is not told from replies.
  @Test func onlyRepliesAreOnStandardOutput() throws {
    let result = try ipsh(
      ["--serve"], stdin: "{\"id\": 1, \"code\": \"warn \\\"a\\\"\\nset threads 1\\nload \\\"demo\\\"\"}\n")
    #expect(result.stdout.split(separator: "\n").count == 1 && result.stdout.hasPrefix("{\"id\": 1, "))
  }

  @Test func aRequestThatIsTooLongIsAnswered() throws {
    let long = "{\"id\": 1, \"code\": \"" + String(repeating: "a", count: 17 << 20) + "\"}\n"
    let result = try ipsh(["--serve"], stdin: long + "{\"id\": 2, \"code\": \"print 2\"}\n")
    let lines = result.stdout.split(separator: "\n")
    #expect(result.status == 0 && lines.count == 2)
    #expect(lines.first?.contains("the request has more than 16") == true, "\(lines.first ?? "")")
    #expect(lines.last?.contains("\"result\": 2") == true)
  }

  @Test func anOutputFileIsWholeAtTheEnd() throws {
    try withTemporaryFolder { folder in
      let result = try ipsh(
        ["--serve", "-q"], stdin: "{\"id\": 1, \"code\": \"output \\\"a.txt\\\"\\nprint 1\"}\n",
        directory: folder.path)
      #expect(result.status == 0 && result.stdout.contains("\"results\": []"))
      #expect(try String(contentsOf: folder.appending(path: "a.txt"), encoding: .utf8) == "1\n")
    }
  }

  @Test func aReaderThatHasGoneEndsItQuietly() throws {
    try runInShell("yes '{\"id\": 1, \"code\": \"print 1\"}' | ipsh --serve | head -n 1; echo done") {
      result, _ in
      #expect(result.stderr == "" && result.stdout.hasSuffix("done\n"), "\(result.stderr)")
    }
  }

  // MARK: Signals

  private static let endless =
    #"{"id": 1, "code": "let before = 1\nprint before\nwhile true { }", "stream": true}"#

  @Test func anInterruptEndsTheRequestWithinATenthOfASecond() throws {
    let program = try Coprocess(["--serve", "-q"])
    try program.send(Self.endless)
    #expect(try program.receive().contains("\"result\": 1"))
    let start = ContinuousClock.now
    program.signal(SIGINT)
    let reply = try program.receive()
    #expect(ContinuousClock.now - start < .milliseconds(500))
    #expect(reply.contains("\"code\": \"interrupted\"") && reply.hasPrefix("{\"id\": 1, \"results\": []"))
    try program.send(#"{"id": 2, "code": "print before"}"#)
    #expect(try program.receive().contains("\"result\": 1"))
    #expect(try program.end() == 0)
  }

  /// Sent to an idle program it means no request, not even the next.
  @Test func anInterruptOfAnIdleProgramIsNothing() throws {
    let program = try Coprocess(["--serve", "-q"])
    for number in 0..<4 {
      try program.send("{\"id\": \(number), \"code\": \"print 1\"}")
      #expect(try program.receive().contains("\"error\": null"))
      program.signal(SIGINT)
      usleep(300_000)
    }
    #expect(try program.end() == 0)
  }

  @Test func terminationEndsItWith143() throws {
    let busy = try Coprocess(["--serve", "-q"])
    try busy.send(Self.endless)
    _ = try busy.receive()
    busy.signal(SIGTERM)
    #expect(try busy.receive().contains("\"code\": \"interrupted\""))
    #expect(busy.waitForExit() == 143)
    let idle = try Coprocess(["--serve", "-q"])
    try idle.send(#"{"id": 2, "code": "print 1"}"#)
    _ = try idle.receive()
    idle.signal(SIGTERM)
    #expect(idle.waitForExit() == 143)
  }

  /// Jupyter's kernels start theirs so, and so do shells in the background.
  @Test func anInterruptCountsAlsoWhereItWasIgnored() throws {
    let ignored = "trap '' INT; exec '\(try builtProgram("ipsh"))' --serve -q"
    let program = try Coprocess(executable: "/bin/sh", ["-c", ignored])
    try program.send(Self.endless)
    _ = try program.receive()
    program.signal(SIGINT)
    #expect(try program.receive().contains("\"code\": \"interrupted\""))
    #expect(try program.end() == 0)
  }
}

/// A program that is asked line by line.
private final class Coprocess {
  private let process = Process()
  private let (input, output) = (Pipe(), Pipe())
  private var received = Data()

  convenience init(_ arguments: [String]) throws {
    try self.init(executable: builtProgram("ipsh"), arguments)
  }

  init(executable: String, _ arguments: [String]) throws {
    signalIgnored()
    process.executableURL = URL(filePath: executable)
    process.arguments = arguments
    process.environment = testEnvironment
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  func send(_ line: String) throws {
    try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
  }

  /// The next line.
  func receive() throws -> String {
    while true {
      if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        defer { received = Data(received[(end + 1)...]) }
        return String(decoding: received[..<end], as: UTF8.self)
      }
      let part = output.fileHandleForReading.availableData
      try #require(!part.isEmpty, "the program has ended")
      received += part
    }
  }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  func end() throws -> Int32 {
    try input.fileHandleForWriting.close()
    return waitForExit()
  }

  func waitForExit() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  private func signalIgnored() { _ = SystemCalls.signal(SIGPIPE, SIG_IGN) }
}
