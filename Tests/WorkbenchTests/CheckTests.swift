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
    ("heatmap L2.pattern[0, 1..<1]", "not-a-matrix"),
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
      "ablate L0H0 by=mean on=sva_obj rows=3\nablate L0H99\nkeep L2.attn",
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
    #expect(found == ["3: not-one-token", "5: layer-range", "8: unknown-name", "7: once-without-result"])
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
      // The end of the script is not the end of the session, which a `once` without a result makes an error.
      let found = try check(ran.joined(separator: "\n")).filter { !$0.hasSuffix("once-without-result") }
      #expect(found == [], "seed \(seed)\n\(ran.joined(separator: "\n"))")
      count += ran.count
    }
    #expect(count > 400)
  }

  @Test(arguments: [
    ("def f(u) { print u nope }\nprint f(1)\nprint f(2)", ["1: unknown-name"]),
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

  /// No run fails because of a function that nothing calls.
  @Test func uncalledFunctionsAreJudgedWithWarnings() throws {
    let interpreter = try TestShell().interpreter
    let script =
      "def f(u) { print u nope }\nif len(ARGV) > 0 { f(1) }\ndef g(l) { if len(l) == 0 { return 0 }; return l[0] }"
    let findings = try interpreter.check([interpreter.parse(Source(name: "a.ipscript", text: script))])
    #expect(findings.diagnostics.isEmpty)
    #expect(findings.warnings.map(\.code) == ["unknown-name"])
    #expect(findings.warnings.allSatisfy { $0.severity == .warning })
  }

  /// Code that is not reached, and what is known where it is.
  @Test(arguments: [
    "if len(ARGV) < 1 { warn \"usage\"; quit }\nprint ARGV[0]", "quit\nprint nope",
    "def f() { quit }\nlet x = f()\nprint nope", "for i in 0..5 { if i > 2 { break }; print [1, 2, 3][i] }",
    "for i in 0..5 { if i > 2 { continue }; print [1, 2, 3][i] }",
    "for i in 0..3 { for j in 0..9 { if j > i { break }; print [1, 2, 3, 4][j] } }",
    "def safe(l) { if len(l) == 0 { return 0 }; return l[0] }\nprint safe([]) safe([1])",
    "def f(n) { if n <= 1 { return 1 }; return n * f(n - 1) }\nprint [0, 1, 2][f(2)]",
    "let l = []\nwhile len(l) < 5 { let l = append(l, 1) }\nprint l[4]",
    "let l = [[]]\nfor i in 0..3 { let l = concat(l, [[i]]) }\nif l[3][0] == 2 { print l[4][0] } else { print nope }",
    "try { print 1 } catch e { print [1][5] }", "try { print [1][5] } catch e { print e.code e.line }",
    "try { print 1 / 0; print nope } catch e { if e.code != \"division-by-zero\" { print nope } }",
    "for x in [] { print nope }", "if false { print nope } else if true { print 1 } else { print nope }",
    "print false and nope", "print true or nope",
    "let n = 0\nwhile true { let n = n + 1; if n == 7 { break } }\nassert n == 7",
    // The form of a value decides.
    "load \"demo\"\ntext \"a [MASK] .\"\nlet p = forward(top=2).predictions\nif len(p) > 2 { print p[2] }\nprint p.count",
    "load \"demo\"\ntext \"a [MASK] .\"\nlet m = L2.pattern\nif m.rank == 2 { show m[0, 0] + nope }\nprint len(m)",
    "load \"demo\"\nfor l in 0..20 { if l >= model.layers { break }; text \"a [MASK] .\"; show L{l}.pattern[0, 0] }",
    "load \"demo\"\ntext \"a [MASK] .\"\nassert sum(L1H0@1) != 0\nassert norm(L2.pattern) > 0",
    // Ways meet in what they agree on.
    "load \"demo\"\ntext \"a [MASK] .\"\nlet l = []\nif forward(top=1).position > 0 { let l = [1] }\nprint l[0]",
    "load \"demo\"\ntext \"a [MASK] .\"\nlet l = []\nwhile len(l) < forward(top=1).position { let l = append(l, 1) }\nprint l[0]",
    "load \"demo\"\ntext \"a [MASK] .\"\ndef f(n) { if n <= 1 { return 1 }; return f(n - 1) }\nprint f(forward().position)",
    "load \"demo\"\ntext \"a [MASK] .\"\ntry { assert forward().position < 0 } catch e { print e.code }",
    // A bound on the work, behind which nothing is claimed.
    "let n = 0\nfor i in 0..9000000 { let n = n + 1; if i > 8000000 { break } }\nif n < 5 { print 1 }",
    "def fib(n) { if n < 2 { return n }; return fib(n - 1) + fib(n - 2) }\nprint [1, 2][fib(40) - fib(40)]",
  ])
  func whatIsNotReachedIsNotJudged(script: String) throws { #expect(try check(script) == []) }

  @Test(arguments: [
    ("set max_turns 5\nfor i in 0..10 { }", ["2: too-many-turns"]),
    ("def f(n) { return f(n + 1) }\nf(0)", ["1: recursion-limit"]),
    ("for i in 0..5 { print [1, 2, 3][i] }", ["1: index-range"]),
    ("let l = []\nwhile len(l) < 5 { let l = append(l, 1) }\nprint l[5]", ["3: index-range"]),
    ("for i in 0..3 { if i == 2 { print nope } }", ["1: unknown-name"]),
    ("try { print [1][5] } catch e { print e.nope }", ["1: unknown-field"]),
    ("for i in 0..9000000 { }\nprint nope", ["2: unknown-name"]),
    ("if true { reset }", ["1: reset-inside"]), ("record off", ["1: not-recording"]),
    ("print read(\"/nonexistent/x.json\")", ["1: unreadable"]),
    (
      "load \"demo\"\ntext \"a [MASK] .\"\nprint dot(L1.resid_post, L0.pattern[0])", ["3: wrong-type"]
    ),
    (
      "load \"demo\"\ntext \"a [MASK] .\"\nif forward().position > 0 { quit }\nprint nope",
      ["4: unknown-name"]
    ),
  ])
  func whatIsReachedIsJudged(script: String, expected: [String]) throws {
    #expect(try check(script) == expected)
  }

  /// Files that the script makes are there for what follows; what they hold is not known.
  @Test func filesOfTheScriptAreThere() throws {
    let shell = try TestShell()
    let (script, data, recorded) = (shell.path("g.ipscript"), shell.path("d.json"), shell.path("r.ipscript"))
    let text = """
      let x = 5
      save script x "\(script)"
      save [1] "\(data)"
      print read("\(data)")[7]
      record "\(recorded)"
      record off
      source "\(recorded)"
      source "\(script)"
      print made_there [1][x]
      """
    #expect(try check(text, in: shell) == [])
    #expect([script, data, recorded].allSatisfy { !FileManager.default.fileExists(atPath: $0) })
  }

  @Test func theSessionComputesAgainAfterwards() throws {
    let shell = try TestShell()
    #expect(try check(setup + "forward\ninfluence", in: shell) == [])
    #expect(try shell.run("print forward(top=1).position").hasPrefix("3"))
  }
}
