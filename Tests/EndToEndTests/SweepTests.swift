import Foundation
import PseudoTerminals
import Testing

@Suite struct SweepTests {
  private static let sweep = "load demo\nsweep heads on=sva_obj rows=24 "

  private struct Row: Decodable, Equatable {
    let node: String
    let accuracy: Double
    let qoi_mean: Double
    let delta_qoi: Double
  }

  private func lines(_ file: URL) -> [Substring] {
    ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n")
  }

  private func rows(_ file: URL) throws -> [Row] {
    try lines(file).dropFirst(2).map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)) }
  }

  /// A process that is killed without warning leaves whole rows; the rest is added in the order of the network, to the
  /// bit as without an interruption.
  @Test func aKilledSweepIsGoneOnWith() throws {
    try withTemporaryFolder { folder in
      let (whole, killed) = (folder.appending(path: "whole.jsonl"), folder.appending(path: "killed.jsonl"))
      #expect(try ipsh(["-q", "-c", Self.sweep + "file=\"\(whole.path)\""]).status == 0)

      let command = ["-c", Self.sweep + "file=\"\(killed.path)\""]
      let terminal = try PseudoTerminal(
        executable: builtProgram("ipsh"), arguments: command, environment: testEnvironment)
      try wait(until: "rows are written") { lines(killed).count >= 5 }
      terminal.signal(SIGKILL)
      #expect(try terminal.waitForExit() == 128 + SIGKILL)
      let kept = lines(killed).count
      try #require(kept >= 5 && kept < 74, "\(kept) lines")

      let refused = try ipsh(command)
      #expect(refused.status == 1 && refused.stderr.contains("add") && lines(killed).count == kept)
      let resumed = try ipsh(["-c", Self.sweep + "file=\"\(killed.path)\" resume"])
      #expect(resumed.status == 0)
      #expect(resumed.stderr.contains("\(kept - 2) of 72 rows come from"), "\(resumed.stderr)")
      let (expected, found) = (try rows(whole), try rows(killed))
      #expect(found == expected)
    }
  }

  @Test func anInterruptedSweepShowsItsRowsAndBindsNothing() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "rows.jsonl")
      let record = folder.appending(path: "record.ipscript")
      let terminal = try PseudoTerminal(
        executable: builtProgram("ipsh"), arguments: ["-m", "demo"], environment: testEnvironment)
      _ = try terminal.expect("demo> ")
      terminal.send("let s = 5\r")
      _ = try terminal.expect("demo> ")
      terminal.send("record \"\(record.path)\"\r")
      _ = try terminal.expect("demo> ")
      terminal.send("let s = sweep(heads, on=sva_obj, file=\"\(file.path)\")\r")
      try wait(until: "rows are written") { lines(file).count >= 3 }
      _ = try terminal.expect("sweep heads")
      terminal.send("\u{3}")
      _ = try terminal.expect("the same command with `resume` goes on")
      _ = try terminal.expect("of 72 rows)")
      _ = try terminal.expect("L0H0")
      _ = try terminal.expect("demo> ")
      #expect(lines(file).count < 74)
      terminal.send("print \"still {s}\"\r")
      _ = try terminal.expect("still 5")
      terminal.send("quit\r")
      #expect(try terminal.waitForExit() == 0)
      #expect(
        !lines(record).contains { $0.contains("sweep") } && lines(record).last?.contains("still") == true)
    }
  }

  /// A script stops, and says how to go on.
  @Test func aScriptEndsWhenItsSweepIsInterrupted() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "rows.jsonl")
      let script = "load demo\nsweep heads on=sva_obj file=\"\(file.path)\"\nprint \"not reached\""
      let terminal = try PseudoTerminal(
        executable: builtProgram("ipsh"), arguments: ["-c", script], environment: testEnvironment)
      try wait(until: "rows are written") { lines(file).count >= 3 }
      terminal.send("\u{3}")
      _ = try terminal.expect("of 72 rows are in")
      #expect(try terminal.waitForExit() == 130)
      #expect(!terminal.transcript.contains("not reached"))
      #expect(terminal.transcript.contains("of 72 rows)"))
    }
  }
}
