import Foundation
import Testing

@testable import Language
@testable import Workbench

@Suite struct SweepFileTests {
  private let shell: TestShell
  private let path: String

  init() throws {
    shell = try TestShell(format: "json")
    path = shell.path("sweep.jsonl")
    try shell.run("load \"demo\"")
  }

  private func call(_ options: String = "") -> String {
    "sweep layers on=sva_obj rows=4 file=\"\(path)\" \(options)"
  }

  private func rows(_ printed: String) throws -> [SweepTests.Sweep.Row] {
    struct Line: Decodable { let result: SweepTests.Sweep }
    return try JSONDecoder().decode(Line.self, from: Data(printed.utf8)).result.rows
  }

  private func lines() throws -> [Substring] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
  }

  private func write(_ text: String) throws {
    try text.write(toFile: path, atomically: false, encoding: .utf8)
  }

  @Test func theFileHoldsEveryRow() throws {
    let whole = try rows(shell.run(call()))
    let saved = try lines()
    #expect(saved.count == 14 && saved[1].contains("\"common\": {\"rows\": "))
    #expect(saved[0].contains("\"task\": \"sva_obj\"") && saved[0].contains("\"replacement\": \"by zero\""))
    let read = try saved.dropFirst(2).map {
      try JSONDecoder().decode(SweepTests.Sweep.Row.self, from: Data($0.utf8))
    }
    #expect(read == whole)
    #expect(shell.failure(call()).contains("is there and not empty"))
    #expect(try rows(shell.run(call("resume"))) == whole)
    #expect(try lines() == saved)
  }

  /// Rows that are there are taken over; the others are the same to the bit as without an interruption.
  @Test(arguments: ["", "{\"node\": \"L2.attn\", \"accur"]) func aCutFileIsGoneOnWith(torn: String) throws {
    let whole = try rows(shell.run(call()))
    let saved = try lines()
    try write(saved.prefix(5).joined(separator: "\n") + "\n" + torn)
    let resumed = try rows(shell.run(call("resume")))
    #expect(resumed == whole)
    #expect(try lines() == saved)
  }

  @Test func aCutHeaderIsWrittenAnew() throws {
    let whole = try rows(shell.run(call()))
    let header = try lines()[0]
    try write(String(header.prefix(40)))
    #expect(try rows(shell.run(call("resume"))) == whole)
    #expect(try lines()[0] == header)
  }

  @Test func resumingWithoutAFileBegins() throws { #expect(try rows(shell.run(call("resume"))).count == 12) }

  @Test(arguments: [
    ("sweep heads on=sva_obj rows=4", "its kind is \"layers\", here it is \"heads\""),
    ("sweep layers on=sva_subj rows=4", "its task is \"sva_obj\", here it is \"sva_subj\""),
    ("sweep layers on=sva_obj rows=5", "its rows is 4, here it is 5"),
    ("sweep layers on=sva_obj rows=4 by=baseline", "its replacement is \"by zero\""),
    ("sweep layers on=sva_obj rows=4 layers=0", "its nodes is 12, here it is 2"),
    (
      "ablate L0H0\nsweep layers on=sva_obj rows=4",
      "its interventions is [], here it is [\"ablate L0H0 by zero\"]"
    ),
  ])
  func anotherSweepIsRefusedWithWhatDiffers(command: String, difference: String) throws {
    try shell.run(call())
    let before = try lines()
    let failure = shell.failure("\(command) file=\"\(path)\" resume")
    #expect(failure.contains("is the file of another sweep: \(difference)"), "\(failure)")
    #expect(try lines() == before)
  }

  @Test func otherContentIsRefusedByName() throws {
    try shell.run(call("layers=0"))
    for (command, difference) in [
      ("sweep layers on=sva_obj rows=4 layers=1", "it is of other nodes"),
      ("sweep layers on=sva_obj rows=4 layers=0 case=SP", "it is of other rows of the task"),
    ] {
      let failure = shell.failure("\(command) file=\"\(path)\" resume")
      #expect(failure.contains(difference), "\(failure)")
    }
  }

  /// Interventions that read alike hold other values: means of other sentences, patterns of other settings.
  @Test(arguments: [
    (
      "task sva_obj case=PP rows=4 as=x\nablate L5.mlp by=mean on=x",
      "task sva_obj case=SS rows=4 as=x\nablate L5.mlp by=mean on=x"
    ),
    (
      "task sva_obj rows=4 as=x\nablate L5.mlp by=resample on=x",
      "task sva_obj rows=8 as=x\nablate L5.mlp by=resample on=x"
    ),
    (
      "let p = patterns(sva_obj, rows=4, points=4, words=[1, 2])\nkeep p",
      "let p = patterns(sva_obj, rows=4, points=4, words=[1, 3])\nkeep p"
    ),
  ])
  func otherValuesUnderTheSameNameAreRefused(first: String, second: String) throws {
    try shell.run("\(first)\n\(call("layers=0"))\nrestore")
    let before = try lines()
    let again = try rows(shell.run("\(first)\n\(call("layers=0 resume"))").lastLine)
    #expect(again.count == 2)
    let failure = shell.failure("restore\n\(second)\n\(call("layers=0 resume"))")
    #expect(failure.contains("it is of interventions with other sentences or patterns"), "\(failure)")
    let same = { shell.interpreter.session.bench.interventions.all.map(\.description) }
    let names = same()
    try shell.run("restore\n\(first)")
    #expect(same() == names)
    #expect(try lines() == before)
  }

  @Test(arguments: ["notes of mine", "notes\nof mine\n", "{\"a\": 1}\n", "[1]\n"])
  func aForeignFileIsLeftAlone(text: String) throws {
    try write(text)
    #expect(shell.failure(call("resume")).contains("is not the file of a sweep"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
  }

  @Test func aBadLineIsNamed() throws {
    try shell.run(call())
    let header = try lines()[0]
    try write("\(header)\n{\"node\": \"L0.attn\"}\n")
    #expect(shell.failure(call("resume")).contains("sweep.jsonl:2: not a row of a sweep"))
    try write(
      "\(header)\n{\"node\":\"L9\",\"accuracy\":1,\"qoi_mean\":1,\"delta_accuracy\":0,\"delta_qoi\":0}\n")
    #expect(shell.failure(call("resume")).contains("sweep.jsonl:2: L9 is not swept here"))
  }

  /// Blank lines count.
  @Test func aBadLineBehindABlankOneIsNamed() throws {
    try shell.run(call())
    let saved = try lines()
    try write("\(saved[0])\n\(saved[1])\n\n{\"node\": \"L0.attn\"}\n")
    #expect(shell.failure(call("resume")).contains("sweep.jsonl:3: not a row of a sweep"))
    try write("\(saved[0])\n\(saved[1])\n{\"node\": \"L0.attn\"}\n")
    #expect(shell.failure(call("resume")).contains("sweep.jsonl:3: not a row of a sweep"))
  }

  @Test(arguments: [
    "sweep(layers, on=sva_obj, rows=4, file=\"FILE\")", "sweep(layers, on=sva_obj, file=\"FILE\", rows=4)",
    "sweep(layers, file=\"FILE\", resume=false, on=sva_obj, rows=4)",
  ])
  func aSavedScriptGoesOnWithTheFile(call: String) throws {
    let script = shell.path("s.ipscript")
    let text = call.replacing("FILE", with: path)
    let printed = try shell.run("let s = \(text)\ns\nsave script s \"\(script)\"")
    #expect(try result(ofScript: script) == rows(printed))
    #expect(try String(contentsOfFile: script, encoding: .utf8).contains("resume=true"))
    try FileManager.default.removeItem(atPath: path)
    #expect(try result(ofScript: script) == rows(printed))
  }

  /// The rows of `s` after a saved script has run in a session of its own.
  private func result(ofScript script: String) throws -> [SweepTests.Sweep.Row] {
    let fresh = try TestShell(format: "json")
    try fresh.run("source \"\(script)\"")
    return try rows(fresh.run("s"))
  }

  /// As a verb, and in a loop.
  @Test func aRecordGoesOnWithItsFiles() throws {
    let record = shell.path("r.ipscript")
    try shell.run(
      "record \"\(record)\"\nfor i in 0..2 { sweep layers on=sva_obj rows=2 layers=0 file=\"\(path){i}\" }")
    #expect(
      try String(contentsOfFile: record, encoding: .utf8).contains("file=\"\(path){i}\", resume=true }"))
    try TestShell().run("source \"\(record)\"")
  }

  @Test(arguments: ["sweep layers", "experiment skips"]) func aDeviceIsNoFile(command: String) {
    let failure = shell.failure("\(command) on=sva_obj rows=2 file=\"/dev/null\"")
    #expect(failure.contains("cannot write: not a regular file"), "\(failure)")
  }

  @Test func aFolderIsNoFile() {
    let failure = shell.failure("sweep layers on=sva_obj rows=4 file=\"\(shell.path("."))\"")
    #expect(failure.contains("cannot write"))
  }
}

extension String {
  fileprivate var lastLine: String { split(separator: "\n").last.map(String.init) ?? "" }
}
