import Foundation
import PseudoTerminals
import Testing

/// The program is killed without warning, at moments nobody chose; what it had promised is on the disk.
@Suite struct CrashTests {
  /// When a session is killed: after so many results, and milliseconds. The same in each run, on machines of any speed.
  private struct Moment {
    let results: Int
    let milliseconds: UInt32

    static let all = [(0, 3), (0, 40), (1, 0), (2, 7), (3, 1), (5, 0), (8, 3), (13, 0), (21, 2), (34, 1)].map
    {
      Moment(results: $0.0, milliseconds: $0.1)
    }
    /// One less of each moment: a result may come without the prompt behind it.
    static let finished = all.map { max(0, $0.results - 1) }.reduce(0, +)

    /// - Returns: what the terminal shows until then.
    func wait(_ terminal: PseudoTerminal, _ numbers: [Int]) throws -> String {
      let shown = results > 0 ? try terminal.expect("\n\(numbers[results - 1])") : ""
      usleep(milliseconds * 1000)
      return shown
    }
  }

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
  private func finished(_ shown: String, _ numbers: [Int]) -> [Int] {
    let shown = shown.replacingOccurrences(of: "\r\n", with: "\n")
    return numbers.filter { number in
      guard let result = shown.range(of: "\n\(number)\n") else { return false }
      return shown[result.upperBound...].contains("ipsh> ")
    }
  }

  /// Two sessions at once; each is killed while it takes commands. Lines that a prompt followed are all there, and
  /// no line is half.
  @Test func historyKeepsWhatAPromptFollowed() throws {
    let finished = try Moment.all.map(historyIsKept).reduce(0, +)
    #expect(finished >= Moment.finished, "\(finished) commands")
  }

  /// - Returns: how many commands were finished.
  private func historyIsKept(at moment: Moment) throws -> Int {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "history").path
      var count = 0
      let sessions = try [10_000, 20_000].map { (try shell(history: path), Array($0..<($0 + 40))) }
      for index in 0..<40 {
        for (terminal, numbers) in sessions { terminal.send(command(numbers[index]) + "\r") }
      }
      let shown = [try moment.wait(sessions[0].0, sessions[0].1), ""]
      for (terminal, _) in sessions { try kill(terminal) }
      let kept = lines(path)
      for ((terminal, numbers), shown) in zip(sessions, shown) {
        let commands = numbers.map(command)
        let own = kept.filter(commands.contains)
        #expect(own == Array(commands.prefix(own.count)))
        let finished = finished(shown + terminal.settle(quietMilliseconds: 0), numbers)
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
    let finished = try Moment.all.map(recordingIsKept).reduce(0, +)
    #expect(finished >= Moment.finished, "\(finished) commands")
  }

  private func recordingIsKept(at moment: Moment) throws -> Int {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "r.ipscript").path
      let terminal = try shell(history: "/dev/null")
      terminal.send("record \"\(path)\"\r")
      // The next prompt may be the editor's, which shows again what is typed.
      try wait(until: "the recording begins") { !lines(path).isEmpty }
      let numbers = Array(30_000..<30_040)
      for number in numbers { terminal.send(command(number) + "\r") }
      let shown = try moment.wait(terminal, numbers)
      try kill(terminal)
      let kept = lines(path).filter { !$0.hasPrefix("# ipsh:") }
      #expect(kept == Array(numbers.map(command).prefix(kept.count)))
      let count = finished(shown + terminal.settle(quietMilliseconds: 0), numbers).count
      #expect(kept.count >= count)
      let replayed = try ipsh(["-q", path])
      #expect(replayed.status == 0, "\(replayed.stderr)")
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
        if index % 2 == 1 {
          try wait(until: "the file is new") { try Data(contentsOf: file).count != 3 }
        }
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
      let whole = try ipsh(script("whole.jsonl"))
      #expect(whole.status == 0, "\(whole.stderr)")
      let count = lines(folder.appending(path: "whole.jsonl").path).count
      for part in [0, 0.3, 0.6, 0.9] {
        let path = folder.appending(path: "\(part).jsonl").path
        let terminal = try PseudoTerminal(
          executable: builtProgram("ipsh"), arguments: script("\(part).jsonl"), environment: testEnvironment)
        let wanted = 1 + Int(part * Double(count))
        try wait(until: "rows are written") { lines(path).count >= wanted }
        terminal.signal(SIGKILL)
        _ = try terminal.waitForExit()
        let kept = lines(path)
        #expect(kept.count >= wanted)
        for line in kept { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        let resumed = try ipsh(script("\(part).jsonl", "resume"))
        #expect(resumed.status == 0, "\(resumed.stderr)")
        #expect(Array(lines(path).prefix(kept.count)) == kept && lines(path).count == count)
        #expect(firstDifference(resumed.stdout, whole.stdout) == nil)
      }
    }
  }
}
