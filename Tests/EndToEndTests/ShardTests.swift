import Foundation
import PseudoTerminals
import Testing

/// Scripts whose rows are divided among processes, and gathered.
@Suite struct ShardTests {
  /// Every verb with rows; what only shows is not run, and not written.
  private static let study = """
    load "demo"
    let rows = 7
    measure sva_obj rows=3
    let m = measure(sva_obj, rows=20, file="m.jsonl")
    print m.accuracy
    let p = patterns(sva_obj, rows=rows, points=5, file="p.jsonl")
    let idle = patterns(sva_obj, rows=2, points=5)
    let e = experiment(skips, on=sva_obj, rows=rows, points=5, file="e.jsonl")
    let a = attribute(heads, on=sva_obj, rows=rows, file="a.jsonl")
    let both = a.rows[3].score + m.accuracy
    task "pairs.jsonl" as pairs
    let s = score(pairs, file="s.jsonl")
    ablate L3H5
    sweep heads on=sva_obj rows=4 layers=0..<2 file="h.jsonl"
    print _.rows[3]
    save both "both.json"
    print both p.count s.accuracy
    e.table

    """

  private static let pairs = """
    {"sentence_good": "the cats sleep .", "sentence_bad": "the cats sleeps ."}
    {"sentence_good": "the dog barks .", "sentence_bad": "the dog bark ."}

    """
  private static let files = ["m", "p", "e", "a", "s", "h"].map { "\($0).jsonl" }

  private func folder(in parent: URL, _ name: String, _ script: String = study) throws -> URL {
    let folder = parent.appending(path: name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(script.utf8).write(to: folder.appending(path: "study.ipscript"))
    try Data(Self.pairs.utf8).write(to: folder.appending(path: "pairs.jsonl"))
    return folder
  }

  private func run(_ arguments: [String], in folder: URL) throws -> ProgramResult {
    try ipsh(arguments + ["study.ipscript"], directory: folder.path)
  }

  private func names(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  private func content(_ name: String, _ folder: URL) throws -> Data {
    try Data(contentsOf: folder.appending(path: name))
  }

  /// Bit for bit what one process computes, prints and writes.
  @Test func sharesTogetherAreTheWhole() throws {
    try withTemporaryFolder { parent in
      let (one, many) = (try folder(in: parent, "one"), try folder(in: parent, "many"))
      let whole = try run([], in: one)
      #expect(whole.status == 0, "\(whole.stderr)")
      for index in [2, 0, 1] {
        let share = try run(["--shard", "\(index)/3"], in: many)
        #expect(share.status == 0 && share.stdout.isEmpty, "\(share.stderr)")
        #expect(share.stderr.contains("study.ipscript:5:1 is skipped"), "\(share.stderr)")
        #expect(!share.stderr.contains("study.ipscript:3:1"), "\(share.stderr)")
      }
      let shares = Self.files.flatMap { file in
        (0..<3).map { "\(file.dropLast(".jsonl".count)).\($0)-of-3.jsonl" }
      }
      #expect(try names(many) == (shares + ["pairs.jsonl", "study.ipscript"]).sorted())
      let gathered = try run(["--gather", "3"], in: many)
      #expect(gathered.status == 0 && gathered.stdout == whole.stdout, "\(gathered.stderr)")
      for file in Self.files + ["both.json"] {
        #expect(try content(file, many) == content(file, one), "\(file)")
      }
    }
  }

  /// A share that is cut off goes on; what is missing is named; nothing of another computation is taken.
  @Test func whatIsMissingIsNamedAndGoneOnWith() throws {
    try withTemporaryFolder { parent in
      let script = "load \"demo\"\nlet m = measure(sva_obj, rows=20, file=\"m.jsonl\")\nprint m.qoi_mean\n"
      let own = try folder(in: parent, "own", script)
      for index in [0, 1, 3] { #expect(try run(["--shard", "\(index)/4"], in: own).status == 0) }
      let share = own.appending(path: "m.1-of-4.jsonl")
      let complete = try Data(contentsOf: share)
      let lines = complete.split(separator: UInt8(ascii: "\n"))
      try Data(lines[0] + [10] + lines[1] + [10] + lines[2].prefix(9)).write(to: share)
      let incomplete = try run(["--gather", "4"], in: own)
      #expect(incomplete.status == 1 && incomplete.stderr.contains("--array=1,2"), "\(incomplete.stderr)")
      #expect(try !names(own).contains("m.jsonl"))
      for index in [1, 2] { #expect(try run(["--shard", "\(index)/4"], in: own).status == 0) }
      #expect(try Data(contentsOf: share) == complete)
      #expect(try run(["--gather", "4"], in: own).status == 0)

      // A row of another share, a row twice, rows of another computation.
      try (complete + Data(contentsOf: own.appending(path: "m.0-of-4.jsonl")).split(separator: 10)[1] + [10])
        .write(to: share)
      #expect(
        try run(["--gather", "4"], in: own).stderr.contains("m.1-of-4.jsonl:7: a row of another share"))
      try (complete + lines[1] + [10]).write(to: share)
      #expect(
        try run(["--gather", "4"], in: own).stderr.contains("m.1-of-4.jsonl:7: a row that is there already"))
      try complete.write(to: share)
      try Data(script.replacingOccurrences(of: "rows=20", with: "rows=19").utf8)
        .write(to: own.appending(path: "study.ipscript"))
      let other = try run(["--gather", "4"], in: own)
      #expect(other.status == 1 && other.stderr.contains("its rows is 20, here it is 19"), "\(other.stderr)")
    }
  }

  /// What is missing of all files is one list, and nothing that reads them is shown or written.
  @Test func missingSharesOfAllFilesAreNamedAtOnce() throws {
    try withTemporaryFolder { parent in
      let script = """
        load "demo"
        print "begun"
        let first = measure(sva_obj, rows=8, file="first.jsonl")
        print first.accuracy
        def scored(path) { return measure(sva_subj, rows=8, file=path) }
        let second = scored("second.jsonl")
        save second "second.json"
        for t in [sva_obj] { sweep(heads, on=t, rows=2, layers=0, file="third.jsonl") }
        print "the end"

        """
      let own = try folder(in: parent, "own", script)
      for index in 0..<4 { #expect(try run(["--shard", "\(index)/4"], in: own).status == 0) }
      for file in ["first.2-of-4.jsonl", "third.0-of-4.jsonl", "third.2-of-4.jsonl"] {
        try FileManager.default.removeItem(at: own.appending(path: file))
      }
      let incomplete = try run(["--gather", "4"], in: own)
      #expect(incomplete.status == 1 && incomplete.stdout.hasSuffix("begun\n"), "\(incomplete.stdout)")
      #expect(
        incomplete.stderr.contains(
          "study.ipscript:3:43: error: 2 of 4 shares of 2 files are missing or not complete: --array=0,2"),
        "\(incomplete.stderr)")
      #expect(
        incomplete.stderr.contains("first.jsonl: 2; third.jsonl: 0,2; run them"), "\(incomplete.stderr)")
      #expect(!incomplete.stderr.contains("skipped"), "\(incomplete.stderr)")
      let written = try names(own)
      #expect(written.contains("second.jsonl") && !written.contains("second.json"))
      for index in [0, 2] { #expect(try run(["--shard", "\(index)/4"], in: own).status == 0) }
      let gathered = try run(["--gather", "4"], in: own)
      #expect(gathered.status == 0 && gathered.stdout.hasSuffix("the end\n"), "\(gathered.stderr)")
    }
  }

  /// Nothing runs where only the gathered rows decide what does.
  @Test func whatSharesWouldDecideIsRefused() throws {
    try withTemporaryFolder { parent in
      let script = """
        load "demo"
        def good(t) { return measure(t, rows=4, file="m.jsonl").accuracy }
        let x = good(sva_obj)
        let y = x + 1
        if y > 1.5 { print 1 }
        for r in [x] { print r }
        while y > 3 { quit }

        """
      let own = try folder(in: parent, "own", script)
      let refused = try run(["--shard", "0/2"], in: own)
      #expect(refused.status == 2)
      for line in 5...7 { #expect(refused.stderr.contains("study.ipscript:\(line):"), "\(refused.stderr)") }
      #expect(try names(own) == ["pairs.jsonl", "study.ipscript"])
    }
  }

  @Test func sharesThatAreNoneAreUsageErrors() throws {
    for (arguments, part) in [
      (["--shard", "3/3", "x"], "there is no share 3 of 3: they count from 0 to 2"),
      (["--shard", "1", "x"], "`1` is no share: shares are I/N, such as 0/8"),
      (["--shard", "0/0", "x"], "there is no share of 0"), (["--gather", "0", "x"], "at least 1"),
      (["--shard", "0/2", "--gather", "2", "x"], "--gather reads them all"),
      (["--shard", "0/2", "--check", "x"], "--check"), (["--shard", "0/2"], "name it"),
    ] {
      let result = try ipsh(arguments)
      #expect(result.status == 2 && result.stderr.contains(part), "\(arguments): \(result.stderr)")
    }
  }

  /// SIGTERM ends a process as Ctrl-C does, with another code; a killed one loses at most the row in work; a second one on the
  /// same share is refused.
  @Test func rowsSurvive() throws {
    try withTemporaryFolder { parent in
      let script =
        "load \"demo\"\noutput \"out.txt\"\nlet s = sweep(heads, on=sva_obj, rows=200, file=\"s.jsonl\")\n"
      let (own, one) = (try folder(in: parent, "own", script), try folder(in: parent, "one", script))
      #expect(try run([], in: one).status == 0)
      let share = own.appending(path: "s.0-of-2.jsonl")
      func lines() -> Int {
        ((try? String(contentsOf: share, encoding: .utf8)) ?? "").split(separator: "\n").count
      }
      for signal in [SIGTERM, SIGKILL] {
        let before = lines()
        let process = Process()
        process.executableURL = URL(filePath: try builtProgram("ipsh"))
        process.arguments = ["--shard", "0/2", "study.ipscript"]
        process.environment = testEnvironment
        process.currentDirectoryURL = own
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        try wait(until: "rows are written") { lines() >= before + 4 || !process.isRunning }
        let second = try run(["--shard", "0/2"], in: own)
        if process.isRunning {
          #expect(second.status == 1 && second.stderr.contains("is being written by another process"))
          kill(process.processIdentifier, signal)
        }
        process.waitUntilExit()
        if signal == SIGTERM, process.terminationReason == .exit {
          #expect([0, 143].contains(process.terminationStatus))
        }
      }
      #expect(try run(["--shard", "0/2"], in: own).status == 0)
      #expect(try run(["--shard", "1/2"], in: own).status == 0)
      #expect(try run(["--gather", "2"], in: own).status == 0)
      #expect(try content("s.jsonl", own) == content("s.jsonl", one))
    }
  }

  /// What fits is there, the error says what does not, and the next run goes on.
  @Test func aFullDiskLosesNothing() throws {
    try withTemporaryFolder { parent in
      let script = "load \"demo\"\nlet s = sweep(heads, on=sva_obj, rows=2, file=\"s.jsonl\")\n"
      let (own, one) = (try folder(in: parent, "own", script), try folder(in: parent, "one", script))
      #expect(try run([], in: one).status == 0)
      let limited = "ulimit -f 4; exec '\(try builtProgram("ipsh"))' --shard 0/1 study.ipscript"
      let full = try runProgram(
        executable: "/bin/sh", arguments: ["-c", limited], environment: testEnvironment, directory: own.path)
      #expect(full.status == 1 && full.stderr.contains("s.0-of-1.jsonl: File too large"), "\(full.stderr)")
      let kept = try content("s.0-of-1.jsonl", own).split(separator: UInt8(ascii: "\n")).count
      #expect(kept > 3 && kept < 74)
      #expect(try run(["--shard", "0/1"], in: own).status == 0)
      #expect(try run(["--gather", "1"], in: own).status == 0)
      #expect(try content("s.jsonl", own) == content("s.jsonl", one))
    }
  }
}
