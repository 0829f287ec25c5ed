import FixtureFiles
import Foundation
import PseudoTerminals
import Testing

/// No control of a file, a name or a text reaches the terminal, whatever shows it; files and pipes get them as they are.
@Suite struct TerminalGateTests {
  /// A title, colours (also one of ours), their eight-bit forms, a rubout, and turns of the direction of writing.
  static let hostile =
    "h\u{1B}]0;PWNED\u{7}\u{1B}[35m\u{1B}[1m\u{9B}31m\u{9D}2;x\u{9C}\u{7F}\u{8}\u{202E}\u{2066}\u{200F}\u{61C}\u{85}"
  /// The same with ends of lines, where a name can have them.
  static let lines = hostile + "\r\nFAKE\rFAKE\nFAKE"

  /// Shows every kind of value, confirmation, warning and summary with hostile texts in it, and fails with one.
  static let session = #"""
    let d = read("hostile.json")
    let h = d.text
    print h
    print h 1 [h]
    print d
    print d.list
    print d.records
    print d.nested
    print d.deep
    print d.named
    print keys(d)
    let t = read("t.safetensors")
    print t
    compare d.named.b {x: 3}
    load "m{h}"
    model
    text "a z{h} b"
    tokenize "z{h}"
    forward labels
    baseline
    load "demo"
    text "the author that the guards like [MASK] young ."
    qoi is - are
    task "t.tsv"
    let s = task("t.tsv")
    print s.rows
    print s.cases
    measure s
    measure(s).cases
    sweep heads on=s layers=0 rows=1
    let p = patterns(s, words=[2], points=2)
    print p
    plot p
    heatmap L0H0
    flow
    patch L0@1 from="{h} [MASK]"
    interventions
    measure s
    restore
    L0H{1,2}
    save d "save{h}.json"
    once "once{h}.txt"
    print 1
    output "out{h}.txt"
    print 1
    output
    record "rec{h}.ipscript"
    print 1
    record
    source "s{h}.ipscript"
    plot p "fig{h}.svg"
    warn h
    warn d.lines
    apropos h
    variables
    show-settings
    history
    for bad in [h, d.lines] {
      try { load bad } catch e { print e; warn e.message }
      try { task bad } catch e { print e; warn e.message }
      try { read bad } catch e { print e; warn e.message }
      try { help bad } catch e { print e; warn e.message }
      try { weight bad } catch e { print e; warn e.message }
      try { assert false bad } catch e { print e; warn e.message }
      try { text bad } catch e { print e; warn e.message }
      try { print d[bad] } catch e { print e; warn e.message }
      try { set format bad } catch e { print e; warn e.message }
    }
    load "nothing{h}"
    """#

  /// Data, a model, a task, tensors and scripts with hostile contents and names.
  private func prepare(_ folder: URL) throws {
    let (h, lines) = (Self.hostile, Self.lines)
    let data: [String: Any] = [
      "text": h, "lines": lines, h: h, "list": [h, lines, 1], "records": [[lines: lines, "b": 1], ["b": 2]],
      "nested": ["a": [lines: [lines, [lines: lines]]]], "deep": [[h], [lines, ["x": lines]]],
      "named": [lines: ["x": 1], "b": ["x": 2]],
    ]
    func write(_ data: Data, _ name: String) throws { try data.write(to: folder.appending(path: name)) }
    try write(JSONSerialization.data(withJSONObject: data, options: .sortedKeys), "hostile.json")
    let row = "the author that the guards like [MASK] young .\tis\tare\n"
    try write(Data("t\t\(h)\t\(row)t\tb\t\(row)".utf8), "t.tsv")
    let header = try JSONSerialization.data(
      withJSONObject: [lines: ["dtype": "F32", "shape": [2], "data_offsets": [0, 8]]])
    let size = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
    try write(size + header + Data(count: 8), "t.safetensors")
    try write(Data("print 6 * 7\n#=> 42\n".utf8), "s\(h).ipscript")
    try write(Data("print \"\\u{1b}[35m\\u{9b}\"\n#=> 42\n".utf8), "other\(h).ipscript")
    try write(Data(Self.session.utf8), "session.ipscript")
    let model = folder.appending(path: "m\(h)")
    try FileManager.default.copyItem(at: FixtureFiles.model("tiny-cls"), to: model)
    let config = model.appending(path: "config.json")
    var settings = try JSONSerialization.jsonObject(with: Data(contentsOf: config)) as? [String: Any] ?? [:]
    settings["id2label"] = ["0": lines, "1": h]
    try JSONSerialization.data(withJSONObject: settings, options: .sortedKeys).write(to: config)
    let vocabulary = model.appending(path: "vocab.txt")
    var pieces = try String(contentsOf: vocabulary, encoding: .utf8).split(separator: "\n").map(String.init)
    pieces[pieces.count - 1] = "z\(h)"
    try Data((pieces.joined(separator: "\n") + "\n").utf8).write(to: vocabulary)
  }

  private func terminal(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:]
  ) throws -> PseudoTerminal {
    try PseudoTerminal(
      executable: builtProgram("ipsh"), arguments: arguments,
      environment: testEnvironment.merging(environment) { $1 }, directory: folder.path)
  }

  /// Runs the session on a terminal; nothing of it may act there, or begin a line.
  private func show(format: String, isColored: Bool = true, in folder: URL) throws -> String {
    try prepare(folder)
    let terminal = try terminal(
      ["--format", format, "session.ipscript"], in: folder, environment: isColored ? [:] : ["NO_COLOR": "1"])
    #expect(try terminal.waitForExit() == 1)
    #expect(
      terminal.transcript.contains("nothingh"), "it ended elsewhere: \(terminal.transcript.suffix(400))")
    #expect(TerminalControls(allowsStyles: isColored).foreign(in: terminal.bytes) == [])
    let lines = terminal.transcript.unicodeScalars.split { $0 == "\n" || $0 == "\r" }
    #expect(!lines.contains { $0.starts(with: "FAKE".unicodeScalars) })
    return terminal.transcript
  }

  @Test(arguments: [true, false]) func tablesShowControlsAsEscapes(isColored: Bool) throws {
    let shown = try withTemporaryFolder { try show(format: "table", isColored: isColored, in: $0) }
    #expect(shown.contains(#"h\u{1B}]0;PWNED\u{7}\u{1B}[35m\u{1B}[1m\u{9B}31m"#))
    #expect(shown.contains("\u{1B}[1m") == isColored)
  }

  @Test func csvShowsControlsAsEscapes() throws {
    let shown = try withTemporaryFolder { try show(format: "csv", in: $0) }
    #expect(shown.contains(#"\u{61C}\u{85}\r\nFAKE\rFAKE\nFAKE,"#))
  }

  /// What is shown is JSON of the same values as a pipe gets, errors and warnings too.
  @Test func jsonOnATerminalMeansTheSame() throws {
    let (shown, piped) = try withTemporaryFolder { folder in
      let place = folder.appending(path: "place")
      func made() throws -> URL {
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        return place
      }
      let shown = try show(format: "json", in: made())
      try FileManager.default.removeItem(at: place)
      try prepare(made())
      return (shown, try ipsh(["--format", "json", "session.ipscript"], directory: place.path))
    }
    #expect(shown.contains(#"\u009b31m\u009d2;x\u009c\u007f\u0008\u202e\u2066\u200f\u061c\u0085"#))
    #expect(piped.stdout.unicodeScalars.contains("\u{9B}"))
    func objects(_ text: String, _ kind: String) throws -> NSArray {
      let lines = text.unicodeScalars.split { $0 == "\n" || $0 == "\r" }.map { line in
        // What is left of a line of progress that was there before.
        String(line).replacing("\u{1B}[K", with: "")
      }
      return try lines.filter { $0.hasPrefix("{\"\(kind)\"") }
        .map { try JSONSerialization.jsonObject(with: Data($0.utf8)) } as NSArray
    }
    for (kind, text) in [("command", piped.stdout), ("warning", piped.stderr), ("error", piped.stderr)] {
      let (seen, meant) = (try objects(shown, kind), try objects(text, kind))
      #expect(seen.count > 0 && seen.count == meant.count, "\(kind)")
      for (one, other) in zip(seen, meant) { #expect(one as? NSDictionary == other as? NSDictionary) }
    }
  }

  @Test func pipesAndFilesGetTheTextsAsTheyAre() throws {
    try withTemporaryFolder { folder in
      try prepare(folder)
      let script = """
        let d = read("hostile.json")
        print d.lines
        save d.lines "x.txt"
        output "o.txt"
        print d.lines
        """
      for (format, expected) in [
        ("table", Self.lines + "\n"), ("csv", "\"\(Self.lines)\"\r\n"),
      ] {
        let result = try ipsh(["--format", format, "-c", script], directory: folder.path)
        #expect(result.status == 0 && result.stdout == expected, "\(result)")
        let file = try Data(contentsOf: folder.appending(path: "o.txt"))
        #expect(file == Data(expected.utf8))
        // The terminal of the messages is another thing than the place of the results.
        #expect(try Data(contentsOf: folder.appending(path: "x.txt")) == Data((Self.lines + "\n").utf8))
      }
    }
  }

  @Test(
    arguments: [
      (["--verify", "s"], 0), (["--verify", "other"], 3), (["--check", "s"], 0), (["--bless", "s"], 0),
      (["--echo", "s"], 0), (["--verify", "missing"], 2), (["--format", ""], 2), (["--"], 2),
      (["-m", ""], 1),
    ] as [([String], Int32)])
  func summariesAndUsageErrors(arguments: [String], status: Int32) throws {
    try withTemporaryFolder { folder in
      try prepare(folder)
      var words = arguments
      words[words.count - 1] += Self.hostile + (["s", "other"].contains(arguments.last) ? ".ipscript" : "")
      if words[0] == "-m" { words += ["-c", "print 1"] }
      let terminal = try terminal(words, in: folder)
      #expect(try terminal.waitForExit() == status, "\(terminal.transcript)")
      #expect(TerminalControls(allowsStyles: true).foreign(in: terminal.bytes) == [])
    }
  }

  @Test func thePromptTheHistoryAndCompletion() throws {
    try withTemporaryFolder { folder in
      try prepare(folder)
      let history = folder.appending(path: "history")
      try Data("print \"\(Self.hostile)\"\n".utf8).write(to: history)
      let shell = try terminal([], in: folder, environment: ["IPSH_HISTORY": history.path])
      func waitForPrompt() throws {
        try shell.expectScreen("an empty line at the prompt") { screen in
          guard screen.lines.indices.contains(screen.row) else { return false }
          let line = screen.lines[screen.row]
          return line.hasSuffix(">") && screen.column == line.count + 1
        }
      }
      try waitForPrompt()
      shell.send("\u{1B}[A")
      try shell.expect(#"print "h^[]0;PWNED^G"#)
      shell.send("\u{3}")
      try waitForPrompt()
      shell.send("load \"m\t\"\r")
      try shell.expect(#"mh\u{1B}]0;PWNED"#)
      try waitForPrompt()
      for line in [
        "let d = read(\"hostile.json\"); let h = d.text", "load h", "help h", "variables", "history",
      ] {
        shell.send(line + "\r")
        try waitForPrompt()
      }
      shell.send("load \"\t")
      try shell.expect("t.tsv")
      shell.send("\u{3}")
      try waitForPrompt()
      shell.send("print d.\t")
      try shell.expect("named")
      shell.send("\u{3}")
      try waitForPrompt()
      shell.send("quit\r")
      #expect(try shell.waitForExit() == 1)
      let allowed = TerminalControls(allowsStyles: true, allowsEditing: true)
      #expect(allowed.foreign(in: shell.bytes) == [])
    }
  }
}
