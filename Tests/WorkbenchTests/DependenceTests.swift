import Foundation
import Testing

@testable import Language
@testable import Workbench

@Suite struct DependenceTests {
  /// The commands of the script that makes `name` again.
  private func script(_ session: String, for name: String, in shell: TestShell? = nil) throws -> [String] {
    let shell = try shell ?? TestShell()
    let path = shell.path("saved.ipscript")
    try shell.run(session)
    try shell.run("save script \(name) \"\(path)\"")
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
      .filter { !$0.hasPrefix("#") }
    // The line that shows the value, which the last result does without.
    if name == "_" { return lines }
    #expect(lines.last == name)
    return Array(lines.dropLast())
  }

  @Test(arguments: [
    ("let a = 1\nlet b = 2\nlet c = a + 1\nlet a = 5", "c", ["let a = 1", "let c = a + 1"]),
    ("let a = 1\nlet a = a + 1\nlet a = a * 2", "a", ["let a = 1", "let a = a + 1", "let a = a * 2"]),
    ("let a = 1\nlet a = 2\nlet b = a", "b", ["let a = 2", "let b = a"]),
    ("let a = 1\n1 + a\nlet z = 3\nprint 9\nlet b = _", "b", ["print 9", "let b = _"]),
    (
      "set precision 3\nset format \"json\"\nlet r = {x: 1 / 3}\nlet s = \"{r}\"", "s",
      ["set precision 3", "let r = {x: 1 / 3}", "let s = \"{r}\""]
    ),
    (
      "let n = 0\nfor i in 0..3 { let n = n + i }\nlet m = 1", "n",
      ["let n = 0", "for i in 0..3 { let n = n + i }"]
    ),
    (
      "let a = 1\nif a > 2 { let b = 1 } else { let c = 1 }", "c",
      ["let a = 1", "if a > 2 { let b = 1 } else { let c = 1 }"]
    ),
    ("let a = 1\nreset\nlet b = 2\nlet a = b", "a", ["let b = 2", "let a = b"]),
    ("set threads 1\nset threads 2\nseed 4\nlet s = seed()", "s", ["seed 4", "let s = seed()"]),
  ])
  func onlyWhatAResultDependsOn(session: String, name: String, expected: [String]) throws {
    #expect(try script(session, for: name) == expected)
  }

  @Test func modelsTextsAndQuantities() throws {
    let session = """
      load "demo" as other
      load "demo" as bert
      baseline pad
      text "a cat [MASK] ."
      text "the keys [MASK] here ."
      qoi is - are
      tokenize "x"
      forward top=1
      let p = influence(points=2, baseline=zero)
      """
    let saved = try script(session, for: "p")
    #expect(
      saved == [
        "load \"demo\" as bert", "baseline pad", "text \"the keys [MASK] here .\"", "qoi is - are",
        "let p = influence(points=2, baseline=zero)",
      ])
  }

  @Test func functionsAndInterventions() throws {
    let session = """
      def twice(x) { return 2 * x + offset }
      let offset = 1
      let unused = twice(7)
      let y = twice(3)
      load "demo"
      text "the keys [MASK] here ."
      with ablate(L1H0) { forward top=1 }
      ablate L0H0
      let f = forward(top=1)
      """
    let shell = try TestShell()
    #expect(
      try script(session, for: "y", in: shell) == [
        "def twice(x) { return 2 * x + offset }", "let offset = 1", "let y = twice(3)",
      ])
    let path = shell.path("f.ipscript")
    try shell.run("save script f \"\(path)\"")
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").filter {
      !$0.hasPrefix("#")
    }
    #expect(
      lines == [
        "load \"demo\"", "text \"the keys [MASK] here .\"", "ablate L0H0", "let f = forward(top=1)", "f",
      ])
  }

  @Test func theLastResultIsTheDefault() throws {
    let shell = try TestShell()
    let path = shell.path("l.ipscript")
    try shell.run("let a = 2\nlet b = 3\nprint a\nsave script \"\(path)\"")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(
      text.hasPrefix("#!/usr/bin/env ipsh\n# ipsh: version=") && text.hasSuffix("Z\nlet a = 2\nprint a\n"))
  }

  @Test func filesPassValuesOn() throws {
    let shell = try TestShell()
    let (a, b) = (shell.path("a.json"), shell.path("b.json"))
    let session = """
      let x = 1
      let y = 2
      save x "\(a)"
      once "\(b)"
      let z = 3
      print {y: y}
      save y "\(shell.path("c.json"))"
      let u = read("\(a)")
      let v = read("\(b)")
      """
    #expect(
      try script(session, for: "u", in: shell) == ["let x = 1", "save x \"\(a)\"", "let u = read(\"\(a)\")"])
    try shell.run("save script v \"\(shell.path("v.ipscript"))\"")
    let text = try String(contentsOfFile: shell.path("v.ipscript"), encoding: .utf8)
    #expect(
      text.split(separator: "\n").dropFirst(2) == [
        "let y = 2", "once \"\(b)\"", "let z = 3", "print {y: y}", "let v = read(\"\(b)\")", "v",
      ])
  }

  @Test func whatTheCommandLineGaveIsPartOfTheScript() throws {
    var session = Session(scriptArguments: ["a \"b\"", "{c}"])
    try session.set("seed", to: 7)
    try session.set("precision", to: 3)
    let console = Console(isTerminal: false, usesColor: false, usesUnicode: true)
    let interpreter = Interpreter(session: session, environment: [:], console: console)
    try interpreter.run(.init(name: nil, text: "let x = [ARGV, seed()]"))
    let text = try SavedScript(of: interpreter).text(for: .variable("x"), named: "x", at: "x.ipscript")
    #expect(
      text.hasSuffix("\nset seed 7\nlet ARGV = [\"a \\\"b\\\"\", \"\\{c}\"]\nlet x = [ARGV, seed()]\nx\n"))
    let shell = try TestShell()
    try shell.run(text)
    #expect(try shell.run("print x[0] x[1]") == "[a \"b\", {c}] 7\n")
  }

  @Test func whatCannotBeRepeatedIsRefused() throws {
    let shell = try TestShell()
    let path = shell.path("s.ipscript")
    let file = shell.path("f.json")
    _ = shell.failure("for i in 0..3 { save i \"\(file)\"; print [][0] }")
    try shell.run("let m = read(\"\(file)\")\nlet h = history()\nlet one = 1")
    #expect(shell.failure("save script m \"\(path)\"").contains("which failed"))
    #expect(shell.failure("save script h \"\(path)\"").contains("which shows what was typed"))
    #expect(
      shell.failure("if true { let k = 1; save script k \"\(path)\" }").contains("made by the statement"))
    #expect(shell.failure("save script (one + 1) \"\(path)\"").contains("is no variable"))
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  /// An undone command has written nothing.
  @Test func failuresWithoutEffectsDoNotMatter() throws {
    let shell = try TestShell()
    try shell.run("let n = 1")
    _ = shell.failure("load \"/nonexistent\"")
    _ = shell.failure("let n = [][0]")
    #expect(try script("let m = n", for: "m", in: shell) == ["let n = 1", "let m = n"])
  }

  @Test func aScriptThatSourcesStaysInItsFolder() throws {
    let shell = try TestShell()
    try "let y = 2".write(toFile: shell.path("l.ipscript"), atomically: true, encoding: .utf8)
    try shell.run("source \"l.ipscript\"", name: shell.path("main.ipscript"))
    #expect(shell.failure("save script y \"elsewhere.ipscript\"").contains("another folder"))
    try shell.run("save script y \"\(shell.path("y.ipscript"))\"")
  }

  /// A property that nobody watches would make `save script` miss dependences.
  @Test func everyPartOfTheSessionIsWatched() {
    let unwatched = Mirror(reflecting: Session()).children.filter { !($0.value is any WatchedPart) }
    #expect(unwatched.compactMap(\.label).sorted() == ["onceOutput", "output"])
    let settings = Mirror(reflecting: Settings()).children.filter { !($0.value is any WatchedPart) }
    #expect(settings.isEmpty)
    // A check's counts and what was told once are no parts that a script could read.
    let bench = Mirror(reflecting: BenchState()).children.filter { !($0.value is any WatchedPart) }
    #expect(bench.compactMap(\.label) == ["toldOfPrefixes", "toldOfEntries", "rehearsal"])
  }

  /// Each part begins anew with a statement and is among the keys once it is written.
  @Test func everyPartOfTheSessionIsListed() throws {
    var session = Session()
    var log = StatementLog()
    session.begin(log)
    #expect(session.writtenKeys.isEmpty)
    var bench = session.bench
    bench.currentModel = nil
    bench.text = nil
    bench.quantity = nil
    bench.baseline = .standard
    bench.interventions = ActiveInterventions()
    session.state = bench
    session.last = nil
    session.variables["x"] = 1
    for setting in SettingList.all { try session.set(setting.name, to: setting.standardValue) }
    let expected: Set<StateKey> = [
      .currentModel, .text, .quantity, .baseline, .interventions, .last, .variable("x"),
    ]
    #expect(session.writtenKeys == expected.union(SettingList.all.map { .setting($0.name) }))
    log = StatementLog()
    session.begin(log)
    #expect(session.writtenKeys.isEmpty)
    bench = session.bench
    _ = (bench.text, bench.quantity, bench.baseline, bench.interventions, session.last)
    _ = (bench.currentModel, session.variables["y"], bench.models["m"], session.scriptArguments)
    for setting in SettingList.all { _ = session.settings.value(of: setting) }
    let read = expected.subtracting([.variable("x")]).union([.variable("y"), .model("m"), .arguments])
    #expect(log.reads == read.union(SettingList.all.map { .setting($0.name) }))
  }
}
