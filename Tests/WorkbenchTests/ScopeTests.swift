import Faults
import Scripting
import Synchronization
import Testing

@testable import Language
@testable import Workbench

/// `with`: on every way out of its block the interventions are those from before it.
@Suite struct ScopeTests {
  private static let setup = "load \"demo\"\ntext \"the author [MASK] young .\"\nqoi is - are\n"

  private func prepared() throws -> TestShell {
    let shell = try TestShell()
    try shell.run(Self.setup)
    return shell
  }

  @Test(
    arguments: [
      ("with ablate(L1H0) { print len(interventions()) }\nprint len(interventions())", "1\n0\n"),
      (
        "with ablate(L1H0), ablate(L2H*) { print len(interventions()) }\nprint len(interventions())", "2\n0\n"
      ),
      ("ablate L0H0\nwith restore() { print len(interventions()) }\nprint len(interventions())", "0\n1\n"),
      (
        "with ablate(L1H0) { with ablate(L2H0) { print len(interventions()) }; print len(interventions()) }",
        "2\n1\n"
      ),
      (
        "try { with ablate(L1H0) { [][0] } } catch e { print e.code len(interventions()) }", "index-range 0\n"
      ),
      ("try { with ablate(L1H0), ablate(L1H99) { } } catch e { print len(interventions()) }", "0\n"),
      (
        "def f() { with ablate(L1H0) { return len(interventions()) } }\nprint f() len(interventions())",
        "1 0\n"
      ),
      (
        "for h in 0..<3 { with ablate(L1H{h}) { if h == 1 { break } } }\nprint h len(interventions())",
        "1 0\n"
      ),
      (
        "with ablate(L1H0) { let inside = 1; text \"a cat [MASK] .\" }\nprint inside len(interventions())",
        nil
      ),
      ("with ablate(L1H0) { quit }", ""),
      ("def f() { with ablate(L1H0) { quit } }\nprint 1 + f()", ""),
    ] as [(String, String?)])
  func restores(script: String, expected: String?) throws {
    let shell = try prepared()
    let output = try shell.run(script)
    if let expected {
      #expect(output.hasSuffix(expected), "\(output)")
    } else {
      #expect(output.hasSuffix("1 0\n"))
    }
    #expect(shell.interpreter.session.bench.interventions.all.count == (script.hasPrefix("ablate") ? 1 : 0))
  }

  /// A block that fails leaves the session as it was before it; what a `try` catches, what went before the fault.
  @Test(arguments: [
    "for i in 0..9 { let v = i; text \"a cat [MASK] {i} .\"; ablate L{i}H1; if i == 3 { [][0] } }",
    "while true { let v = 1; qoi was - were; ablate L0H0; baseline \"the\"; [][0] }",
    "if true { let v = 1; def f() { }; qoi was - were; [][0] } else { }",
    "with ablate(L1H0) { let v = 1; qoi was - were; [][0] }",
    "try { [][0] } catch e { let v = 1; qoi was - were; [][0] }",
    "for i in 0..<3 { for j in 0..<3 { let v = j; ablate L1H1; if j == 2 { [][0] } } }",
  ])
  func aFailedBlockLeavesNothing(script: String) throws {
    let shell = try prepared()
    let state = "print v tokenize().tokens len(interventions()) forward(top=1).qoi"
    try shell.run("let v = 0")
    let before = try shell.run(state)
    #expect(shell.failure(script).contains("empty list"))
    #expect(try shell.run(state) == before)
    #expect(
      shell.failure("f()").contains("no command or function") && shell.failure("i").contains("nothing is"))
    try shell.run("try { let v = 2; ablate L1H1; for i in 0..9 { let v = 3; [][0] } } catch e { }")
    #expect(try shell.run("print v len(interventions())") == "2 1\n")
  }

  /// Recording goes on, or stays off, as before.
  @Test func aFailedBlockLeavesTheRecordingAsItWas() throws {
    let shell = try TestShell()
    _ = shell.failure("if true { record \"\(shell.path("a"))\"; [][0] }")
    #expect(shell.interpreter.record.recording == nil)
    try shell.run("record \"\(shell.path("b"))\"")
    _ = shell.failure("if true { record off; [][0] }")
    try shell.run("let x = 1")
    #expect(try String(contentsOfFile: shell.path("b"), encoding: .utf8).hasSuffix("let x = 1\n"))
  }

  /// What was made and removed before is made again, and removed again at the end.
  @Test func anInterventionInAVariableActsInTheBlock() throws {
    let shell = try prepared()
    let output = try shell.run(
      """
      let intact = forward(top=1).qoi
      let r = ablate(L3H1)
      let changed = forward(top=1).qoi
      restore
      with r { print len(interventions()) forward(top=1).qoi == changed }
      print len(interventions()) forward(top=1).qoi == intact changed != intact
      """)
    #expect(output.contains("1 true\n") && output.hasSuffix("0 true true\n"), "\(output)")
    #expect(
      try shell.run("def f() { ablate L3H1 }\nwith f() { print len(interventions()) }").hasSuffix("1\n"))
  }

  @Test(arguments: [
    ("3", "a number"), ("forward()", "a record"), ("[1]", "a list"), ("model", "a model"),
    ("\"L3H1\"", "a string"), ("L3H1", "a node"), ("inner()", "nothing"),
    ("ablate(L1H0), 3", "a number"), ("interventions()", "a table"),
    ("measure(sva_obj, rows=2)", "a measurement"),
  ])
  func whatChangesNothingIsRefused(expression: String, found: String) throws {
    let shell = try prepared()
    let script = "def inner() { with ablate(L1H0) { let x = 1 } }\nwith \(expression) { print 1 }"
    let failure = shell.failure(script)
    #expect(failure.contains("this is \(found), which changes nothing"), "\(failure)")
    #expect(failure.contains("e.g. `with ablate(L3H1) { ... }`"))
    #expect(shell.interpreter.session.bench.interventions.all.isEmpty)
    let checked = try shell.interpreter.check([
      shell.interpreter.parse(Source(name: nil, text: Self.setup + script))
    ])
    #expect(checked.diagnostics.map(\.code) == ["with-intervention"])
    #expect(checked.diagnostics[0].message.contains("this is \(found), which changes nothing"))
  }

  @Test func restoresWhenAnErrorLeavesTheScript() throws {
    let shell = try prepared()
    for script in ["with ablate(L1H0) { [][0] }", "def f() { with ablate(L1H0) { [][0] } }\nf()"] {
      #expect(shell.failure(script).contains("index 0 into an empty list"))
      #expect(shell.interpreter.session.bench.interventions.all.isEmpty)
    }
  }

  @Test func restoresWhenInterrupted() throws {
    for body in ["while true { let seen = 1 }", "f()"] {
      let questions = Atomic(-1)
      let shell = try TestShell(checkInterruption: {
        let asked = questions.load(ordering: .relaxed)
        if asked > 50 { throw Interrupted() }
        if asked >= 0 { questions.store(asked + 1, ordering: .relaxed) }
      })
      try shell.run(Self.setup + "let seen = 0\ndef f() { while true { let n = len(interventions()) } }")
      questions.store(0, ordering: .relaxed)
      #expect(throws: Interrupted.self) { try shell.run("with ablate(L1H0) { \(body) }") }
      #expect(shell.interpreter.session.bench.interventions.all.isEmpty)
    }
  }

  /// What is computed in the block is computed under the intervention, what follows is not.
  @Test func theNetworkIsChangedInTheBlockOnly() throws {
    let shell = try prepared()
    let script = """
      let before = forward(top=1).qoi
      def without(l, h) { with ablate(L{l}H{h}) { return forward(top=1).qoi } }
      with ablate(L5H*) { let inside = forward(top=1).qoi }
      print inside != before without(5, 3) != before forward(top=1).qoi == before
      ablate L5H3
      print forward(top=1).qoi == without(5, 3)
      with restore() { print forward(top=1).qoi == before }
      """
    #expect(try shell.run(script).hasSuffix("true\ntrue\n"))
    #expect(
      try shell.run("restore\nprint without(5, 3) != before forward(top=1).qoi == before").hasSuffix(
        "true true\n"))
  }
}
