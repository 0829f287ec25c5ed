import Foundation
import Scripting
import Testing

@testable import Language
@testable import Workbench

@Suite struct CheckTests {
  private func check(_ text: String, in shell: TestShell? = nil, name: String = "c.ipscript") throws
    -> [String]
  {
    let interpreter = try (shell ?? TestShell()).interpreter
    return try interpreter.check([interpreter.parse(Source(name: name, text: text))]).diagnostics.map {
      diagnostic in
      "\(diagnostic.span?.start.line ?? 0): \(diagnostic.code)"
    }
  }

  private let setup = "load \"demo\"\ntext \"the keys [MASK] here .\"\nqoi is - are\n"

  /// Numbers of a check mean nothing, so nothing is said of them; a branch that this turn passes over meets other values.
  @Test(arguments: [
    "load \"demo\"\ntext \"a [MASK] .\"\nqoi is - are\ninfluence points=2",
    "load \"demo\"\ntext \"a [MASK] .\"\nfor k in 0..<4 { if k > 0 { show L{k - 1} } else { show L0 } }",
  ])
  func rightScriptsPass(script: String) throws {
    let interpreter = try TestShell().interpreter
    #expect(
      try interpreter.check([interpreter.parse(Source(name: "a.ipscript", text: script))]).diagnostics.isEmpty
    )
  }

  @Test(arguments: [
    ("print y", "unknown-name"), ("forwrd()", "unknown-command"), ("forward topp=1", "unknown-option"),
    ("forward top=0", "below-minimum"), ("forward position=7", "position-range"),
    ("show L6.pattern", "layer-range"),
    ("show L2H12", "head-range"), ("show L2H3@7", "position-range"),
    ("show L2.pattern[12, 0]", "tensor-index-out-of-range"),
    ("show L2.pattern[0, 0, 0, 0]", "tensor-too-many-subscripts"),
    ("let m = L2.pattern[0] + L2.pattern[0, 0..2]", "tensor-shape-mismatch"),
    ("qoi nosuchwordatall", "not-one-token"), ("qoi label[7]", "unknown-label"),
    ("influence points=1", "below-minimum"),
    ("patterns words=99", "word-out-of-range"), ("baseline nosuchword", "not-one-token"),
    ("heatmap L2.pattern", "not-a-matrix"),
    ("pattern \"keys -> L9@2\"", "layer-range"), ("save L2.pattern \"x.svg\"", "format-cannot-hold"),
    ("save patterns() \"x.nope\"", "unknown-extension"),
    ("let x = forward(); print x.qoi + undefined", "unknown-name"),
    ("plot 3", "wrong-type"), ("weight \"nosuch\"", "no-tensor"), ("set precision 99", "bad-setting"),
    ("for l in 0..6 { show L{l}.pattern[0, 0] }", "layer-range"),
    ("if forward().qoi > 0 { print yes }", "unknown-name"),
    ("if forward().qoi > 0 { print 1 } else if true { print 1 } else { print no }", ""),
    ("if forward().qoi > 0 { print 1 } else { print no }", "unknown-name"),
    ("for p in patterns().words { print p.token nope }", "unknown-name"),
    ("forward \"no mask\"", "no-mask"), ("time forward top=0", "below-minimum"),
    ("print 1 + \"a\"", "bad-operands"),
    ("let s = \"{forward()} {nope}\"", "unknown-name"), ("print forward().qoi and nope", "unknown-name"),
    ("forward \"a [MASK] .\" top=forward().qoi pairr=1", "unknown-option"),
  ])
  func whatIsWrongIsFound(statement: String, code: String) throws {
    let found = try check(setup + statement)
    #expect(found.count == (code.isEmpty ? 0 : 1), "\(found)")
    #expect(found.allSatisfy { $0.hasPrefix("4: ") }, "\(found)")
    if code != "" { #expect(found == ["4: \(code)"]) }
  }

  /// Which interventions there are is not known when one of them takes a computation; their nodes are.
  @Test(arguments: [
    ("ablate L0H0 by=mean on=sva_obj rows=3\nrestore 1", []),
    ("ablate L0H0 by=mean on=sva_obj rows=3\nrestore last\nrestore", []),
    ("ablate L0H0\nrestore 2", ["5: intervention-number"]),
    ("restore last", ["4: intervention-none"]),
    (
      "ablate L0H0 by=mean on=sva_obj rows=3\nablate L0H99\nkeep L2.mlp",
      ["5: head-range", "6: intervention-keep"]
    ),
    ("let r = ablate(L0H0, by=mean, on=sva_obj, rows=3)\nwith r { forward top=0 }", ["5: below-minimum"]),
    // How many interventions there are is not known where one may have been added.
    ("let p = forward()\nfor i in [1, 2] { if p.qoi > i { ablate L1H0 } }\nablate L1H1\nrestore 3", []),
    // How many rows a table of an experiment has depends on what is found.
    ("let e = experiment(ablation, on=sva_obj, rows=3, points=3)\nprint e[50]", []),
    ("sweep heads on=sva_obj layers=9", ["4: layer-range"]),
    ("sweep heads on=sva_obj layers=0..9", ["4: layer-range"]),
    ("sweep neurons on=sva_obj layer=9", ["4: layer-range"]),
    ("sweep neurons on=sva_obj", ["4: sweep-targets"]),
    ("sweep nodes on=sva_obj layers=0", ["4: ignored-option"]),
    ("sweep nodes on=sva_obj nodes=[]", ["4: intervention-no-nodes"]),
  ])
  func interventionsAndSweepsAreChecked(statements: String, expected: [String]) throws {
    #expect(try check(setup + statements) == expected)
  }

  @Test func everythingIsReportedAndNothingRuns() throws {
    let shell = try TestShell()
    let path = shell.path("f.json")
    let script = """
      load "demo"
      text "the keys [MASK] here ."
      qoi is - aree
      forward top=1
      show L9.pattern
      save forward() "\(path)"
      once "\(path)"
      print undefined
      """
    let found = try check(script, in: shell)
    #expect(found == ["3: not-one-token", "5: layer-range", "8: unknown-name"])
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  /// What follows from a fault or from what is not known is not reported again.
  @Test(arguments: [
    (
      "load \"/nonexistent\"\ntext \"a [MASK] .\"\nforward\nshow L3H2\nprint model.layers",
      ["1: no-model-folder"]
    ),
    (
      "load \"demo\"\nlet t = \"{forward(\"a [MASK]\").position}\"\ntext t\nforward\nshow L2.pattern[50, 0]\nplot 3",
      ["6: wrong-type"]
    ),
    ("load \"demo\"\nlet x = y\nprint x + 1", ["2: unknown-name"]),
    (
      "load \"demo\"\nif forward(\"a [MASK]\").position > 3 { text \"a [MASK]\" } else { text \"b\" }\nforward\ntext \"c\"\nforward",
      ["5: no-mask"]
    ),
  ])
  func faultsAreReportedOnce(script: String, expected: [String]) throws {
    let found = try check(script)
    #expect(found.map { $0.prefix(2) } == expected.map { $0.prefix(2) }, "\(found)")
  }

  @Test func sourcedScriptsAreChecked() throws {
    let shell = try TestShell()
    try "print z\nlet w = 1\n".write(toFile: shell.path("l.ipscript"), atomically: true, encoding: .utf8)
    let found = try check("source \"l.ipscript\"\nprint w v", in: shell, name: shell.path("m.ipscript"))
    #expect(found == ["1: unknown-name", "2: unknown-name"])
  }

  /// A file that the script would have written by then says nothing now.
  @Test func filesOfTheScriptAreNotThereYet() throws {
    let shell = try TestShell()
    let (tasks, script) = (shell.path("t.tsv"), shell.path("s.ipscript"))
    for path in [tasks, script] { try "print old".write(toFile: path, atomically: true, encoding: .utf8) }
    let text = """
      once "\(tasks)"
      once "\(script)"
      task "\(tasks)" as t
      print t.rows[0].sentence
      source "\(script)"
      print made_there
      forward model.name
      print 1 + "a"
      reset
      print made_there
      """
    #expect(try check(text, in: shell) == ["8: bad-operands", "10: unknown-name"])
  }

  @Test(arguments: CommandRegistry.standard.commands.map(\.name))
  func examplesAreRight(name: String) throws {
    let command = try #require(CommandRegistry.standard[name])
    #expect(try check(command.example) == [])
  }

  /// Statements that run pass the check, whatever they pass on.
  @Test func whatRunsPasses() throws {
    var count = 0
    for seed in UInt64(1000)..<1060 {
      let shell = try TestShell()
      let folder = shell.path("files")
      func prepare() throws {
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "let a = [a, 1]\nprint b\n".write(
          toFile: folder + "/library.ipscript", atomically: true, encoding: .utf8)
      }
      try prepare()
      var random = RandomSession(seed: seed, folder: folder)
      let ran = random.statements(16).filter { (try? shell.run($0)) != nil }
      try prepare()
      // A statement that failed may have left something that others needed.
      guard (try? TestShell().run(ran.joined(separator: "\n"))) != nil else { continue }
      try prepare()
      let found = try check(ran.joined(separator: "\n"))
      #expect(found == [], "seed \(seed)\n\(ran.joined(separator: "\n"))")
      count += ran.count
    }
    #expect(count > 400)
  }

  @Test(arguments: [
    ("def f(u) { print u nope }\nprint f(1)\nprint f(2)", ["1: unknown-name"]),
    ("def f(u) { print u nope }", ["1: unknown-name"]),
    ("def f(u) { return later + u }\nlet later = 1\nprint f(later) f(1, 2)", ["3: too-many-arguments"]),
    ("def f(n) { if n == 0 { return 0 }; return f(n - 1) + nope }\nf(5)", ["1: unknown-name"]),
    (
      "let i = 0\nwhile i < 10 { let i = i + 1; print nope }\nif i > 1 { print also }",
      ["2: unknown-name", "3: unknown-name"]
    ),
    ("try { print nope } catch e { print e.code other }", ["1: unknown-name"]),
    (
      "load \"demo\"\nwith ablate(L9H0) { print 1 }\nablate L1H0 by=nothing",
      ["2: layer-range", "3: bad-choice"]
    ),
    ("assert forward(\"a [MASK]\").qoi > 1\nassert 1 > 2", ["1: no-model", "2: assertion-failed"]),
  ])
  func functionsLoopsAndScopes(script: String, expected: [String]) throws {
    #expect(try check(script) == expected)
  }

  @Test func theSessionComputesAgainAfterwards() throws {
    let shell = try TestShell()
    #expect(try check(setup + "forward\ninfluence", in: shell) == [])
    #expect(try shell.run("print forward(top=1).position").hasPrefix("3"))
  }
}
