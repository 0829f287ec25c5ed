import Foundation
import PseudoTerminals
import Testing

/// The program is killed without warning, at moments nobody chose; what it had promised is on the disk.
@Suite struct CrashTests {
  /// Moments in milliseconds after the first command, the same in each run.
  private static let moments: [UInt32] = [3, 11, 24, 40, 67, 95, 140, 210, 320, 450]

  private func shell(history: String) throws -> PseudoTerminal {
    var environment = testEnvironment
    environment["IPSH_HISTORY"] = history
    let terminal = try PseudoTerminal(
      executable: builtProgram("ipsh"), arguments: ["-q"], environment: environment)
    try terminal.expect("ipsh> ")
    return terminal
  }

  private func lines(_ path: String) -> [String] {
    ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").components(separatedBy: "\n").dropLast()
  }

  /// The command whose result is `number`, which it does not contain.
  private func command(_ number: Int) -> String { "print \(number - 1) + 1" }

  private func kill(_ terminal: PseudoTerminal) throws {
    terminal.signal(SIGKILL)
    #expect(try terminal.waitForExit() == 128 + SIGKILL)
  }

  /// Numbers of the commands whose results were followed by a prompt.
  private func finished(_ terminal: PseudoTerminal, _ numbers: [Int]) -> [Int] {
    let shown = terminal.settle(quietMilliseconds: 0).replacingOccurrences(of: "\r\n", with: "\n")
    return numbers.filter { number in
      guard let result = shown.range(of: "\n\(number)\n") else { return false }
      return shown[result.upperBound...].contains("ipsh> ")
    }
  }

  /// Two sessions at once; each is killed while it takes commands. Lines that a prompt followed are all there, and
  /// no line is half.
  @Test func historyKeepsWhatAPromptFollowed() throws {
    let finished = try Self.moments.map(historyIsKept).reduce(0, +)
    // Killed at the first command, the sessions would promise nothing.
    #expect(finished >= 20, "\(finished) commands")
  }

  /// - Returns: how many commands were finished.
  private func historyIsKept(at moment: UInt32) throws -> Int {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "history").path
      var count = 0
      let sessions = try [10_000, 20_000].map { (try shell(history: path), Array($0..<($0 + 40))) }
      for index in 0..<40 {
        for (terminal, numbers) in sessions { terminal.send(command(numbers[index]) + "\r") }
      }
      usleep(moment * 1000)
      for (terminal, _) in sessions { try kill(terminal) }
      let kept = lines(path)
      for (terminal, numbers) in sessions {
        let commands = numbers.map(command)
        let own = kept.filter(commands.contains)
        #expect(own == Array(commands.prefix(own.count)))
        let finished = finished(terminal, numbers)
        #expect(own.count >= finished.count, "\(own.count) of \(finished.count)")
        count += finished.count
      }
      let all = Set(sessions.flatMap { $0.1.map(command) })
      #expect(kept.allSatisfy(all.contains), "\(kept)")
      // The next session goes on with the file.
      let next = try shell(history: path)
      next.send("print 5 + 6\r")
      try next.expect("\n11")
      next.send("quit\r")
      #expect(try next.waitForExit() == 0)
      #expect(lines(path) == kept + ["print 5 + 6", "quit"])
      return count
    }
  }

  @Test func recordingsKeepWhatAPromptFollowed() throws {
    let finished = try Self.moments.map(recordingIsKept).reduce(0, +)
    #expect(finished >= 20, "\(finished) commands")
  }

  private func recordingIsKept(at moment: UInt32) throws -> Int {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "r.ipscript").path
      let terminal = try shell(history: "/dev/null")
      terminal.send("record \"\(path)\"\r")
      try terminal.expect("ipsh> ")
      let numbers = Array(30_000..<30_040)
      for number in numbers { terminal.send(command(number) + "\r") }
      usleep(moment * 1000)
      try kill(terminal)
      let kept = lines(path).filter { !$0.hasPrefix("# ipsh:") }
      #expect(kept == Array(numbers.map(command).prefix(kept.count)))
      let count = finished(terminal, numbers).count
      #expect(kept.count >= count)
      #expect(try ipsh(["-q", path]).status == 0)
      return count
    }
  }

  /// The file under its final name is the old one or the new one, never a part of it.
  @Test(arguments: ["save v PATH", "once PATH; print v", "output PATH; print v; print v; output"])
  func filesAreWholeOrOld(commands: String) throws {
    try withTemporaryFolder { folder in
      func script(_ name: String, _ form: String) -> [String] {
        let path = "\"\(folder.appending(path: name).path)\""
        let body = commands.replacingOccurrences(of: "PATH", with: path)
        return ["-q", "-c", "let v = list(0..<60000)\n" + form.replacingOccurrences(of: "BODY", with: body)]
      }
      #expect(try ipsh(script("whole.json", "BODY")).status == 0)
      let whole = try Data(contentsOf: folder.appending(path: "whole.json"))
      #expect(whole.count > 300_000)
      var found: Set<Data> = []
      for (index, moment) in ([30, 90, 150, 260, 333, 410] as [UInt32]).enumerated() {
        let file = folder.appending(path: "\(moment).json")
        try Data("old".utf8).write(to: file)
        let terminal = try PseudoTerminal(
          executable: builtProgram("ipsh"), arguments: script("\(moment).json", "while true { BODY }"),
          environment: testEnvironment)
        // Every other time while the new file is being replaced, not the old one.
        let deadline = Date.now + 60
        while index % 2 == 1, try Data(contentsOf: file).count == 3, Date.now < deadline { usleep(2000) }
        usleep(moment * 1000)
        try kill(terminal)
        found.insert(try Data(contentsOf: file))
      }
      #expect(found.isSubset(of: [whole, Data("old".utf8)]), "\(found.map(\.count)) of \(whole.count)")
      #expect(found.contains(whole))
    }
  }

  /// Rows that are finished stay; the rest is computed by the same command with `resume`, to the same end.
  @Test(arguments: [
    "sweep heads on=sva_obj rows=12", "experiment concentration on=sva_obj rows=24 points=5",
  ])
  func rowsAreGoneOnWith(command: String) throws {
    try withTemporaryFolder { folder in
      func script(_ file: String, _ more: String = "") -> [String] {
        ["-q", "-m", "demo", "-c", "\(command) file=\"\(folder.appending(path: file).path)\" \(more)"]
      }
      let started = Date.now
      let whole = try ipsh(script("whole.jsonl"))
      #expect(whole.status == 0, "\(whole.stderr)")
      let duration = Date.now.timeIntervalSince(started)
      let count = lines(folder.appending(path: "whole.jsonl").path).count
      var keptRows = 0
      for part in [0.35, 0.6, 0.8, 0.95] {
        let path = folder.appending(path: "\(part).jsonl").path
        let terminal = try PseudoTerminal(
          executable: builtProgram("ipsh"), arguments: script("\(part).jsonl"), environment: testEnvironment)
        usleep(UInt32(part * duration * 1e6))
        terminal.signal(SIGKILL)
        _ = try terminal.waitForExit()
        let kept = lines(path)
        keptRows += max(0, kept.count - 1)
        for line in kept { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        let resumed = try ipsh(script("\(part).jsonl", "resume"))
        #expect(resumed.status == 0, "\(resumed.stderr)")
        #expect(Array(lines(path).prefix(kept.count)) == kept && lines(path).count == count)
        #expect(firstDifference(resumed.stdout, whole.stdout) == nil)
      }
      #expect(keptRows > 0)
    }
  }
}
