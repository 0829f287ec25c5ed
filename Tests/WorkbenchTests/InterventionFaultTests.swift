import Faults
import FixtureFiles
import Scripting
import Testing

@testable import Language
@testable import Workbench

@Suite struct InterventionFaultTests {
  @Test(arguments: [
    ("ablate", "NODES is missing"),
    ("keep", "NODES is missing"),
    ("patch L1H0", "has no counterfactual"),
    (
      "ablate L1H0 by=median",
      "`by` is one of zero, mask, mean, baseline, resample, counterfactual, not `median`"
    ),
    ("keep L1@2 by=baseline", "`by` is one of zero, mean, not `baseline`"),
    ("ablate L1H0 how=zero", "`ablate` has no option `how`"),
    ("ablate L1H12", "head 12 is out of range 0...11"),
    ("ablate L3@11", "position 11 is out of range 0...10 (the text has 11 tokens)"),
    ("ablate L3.pattern", "expected nodes, found a tensor"),
    ("ablate \"L\"", "\"L\" names no nodes"),
    ("ablate model", "expected nodes, found a model"),
    ("ablate L1H0 by=mean", "by=mean takes the activations of a task's sentences"),
    ("ablate L1H0 by=resample", "by=resample takes the activations of a task's sentences"),
    ("ablate L1H0 by=mean on=3", "`on` expects a task, found number"),
    ("ablate L1H0 on=sva_obj", "`on` does not apply: by=zero takes no sentences"),
    ("ablate L1H0 by=baseline rows=3", "`rows` does not apply: by=baseline takes no sentences"),
    ("ablate L1H0 per=position", "`per` does not apply: only means are taken"),
    ("ablate L1H0 by=mean on=sva_obj seed=3", "`seed` does not apply: only by=resample chooses at random"),
    ("ablate L1H0 by=mean on=short rows=2 per=position", "those of short have 5 to 6 tokens"),
    ("ablate L1H0@5 by=mean on=short", "L1H0@5: a sentence of short has only 5 tokens"),
    ("patch L3@9 from=\"a b\"", "L3@9: the text has only 4 tokens"),
    ("keep L2.attn", "`keep` cannot keep L2.attn"),
    ("ablate []", "there are no nodes: the list is empty"),
    ("keep []", "there are no nodes: the list is empty"),
    ("patch [] from=\"a b\"", "there are no nodes: the list is empty"),
    ("sweep nodes on=short nodes=[]", "there are no nodes: the list is empty"),
    ("sweep nodes on=short nodes=L1H0@5", "L1H0@5: a sentence of short has only 5 tokens"),
    (
      "sweep positions on=short",
      "positions can be swept over sentences of one length; those of short have 5 to 6"
    ),
    ("keep L2@7 L2.mlp[3]", "`keep` cannot keep L2.mlp[3]"),
    ("restore 1", "there is no intervention 1"),
    ("restore first", "nothing is called `first`"),
  ])
  func whatCannotBeMadeIsRefusedAndLeavesNothing(command: String, message: String) throws {
    let shell = try shell()
    let failure = shell.failure(command)
    #expect(failure.contains(message), "\(failure)")
    #expect(shell.interpreter.session.bench.interventions.all.isEmpty)
  }

  @Test(arguments: [
    (
      "ablate L3@9", "forward \"a [MASK] .\"",
      "intervention 1 (ablate L3@9 by zero): L3@9 is out of range 0...4 (the text has 5 tokens)"
    ),
    ("keep L*@9", "forward \"a [MASK] .\"", "L0@9 is out of range 0...4 (the text has 5 tokens)"),
    (
      "patch L3 from=\"a [MASK] .\"", "forward",
      "it holds activations of 5 tokens, the text has 11"
    ),
    (
      "ablate L3 by=mean on=sva_obj rows=3 per=position", "forward \"a [MASK] .\"",
      "it holds activations of 11 tokens, the text has 5"
    ),
    (
      "ablate L3 by=resample on=short", "forward",
      "no other sentence of short can stand in for one of 11 tokens"
    ),
  ])
  func whatDoesNotFitATextIsToldWhenItIsUsed(command: String, use: String, message: String) throws {
    let shell = try shell()
    try shell.run(command)
    let failure = shell.failure(use)
    #expect(failure.contains(message), "\(failure)")
    #expect(failure.contains("note: `restore 1` removes it"), "\(failure)")
    #expect(shell.interpreter.session.bench.interventions.all.count == 1)
  }

  @Test func aSetOfAnotherModelIsRefused() throws {
    let shell = try shell()
    let small = FixtureFiles.model("relu").path
    try shell.run("let nodes = L5H11\nlet p = patterns(points=4)\nload \"\(small)\"")
    #expect(shell.failure("ablate nodes").contains("L5H11 is out of range for the current model"))
    #expect(
      shell.failure("keep p").contains("the patterns are not of this model, which has 2 layers of 3 heads"))
  }

  @Test func withoutAModelThereIsNothingToReplace() throws {
    #expect(try TestShell().failure("restore 3").contains("there is no intervention 3"))
    #expect(try TestShell().run("restore\ninterventions").contains("left     0"))
    #expect(try TestShell().failure("ablate embed").contains("no model is loaded"))
  }

  @Test func aPassWithinTheMemoryBudgetOnly() throws {
    let shell = try shell()
    try shell.run("set max_memory \"100K\"")
    #expect(shell.failure("ablate L1H0 by=mean on=sva_obj").contains("of working memory, the budget is"))
    #expect(shell.interpreter.session.bench.interventions.all.isEmpty)
  }

  @Test func anInterruptedOneLeavesNothing() throws {
    let calls = Countdown()
    let console = Console(isTerminal: false, usesColor: false, usesUnicode: true)
    let interpreter = Interpreter(
      environment: [:], console: console, checkInterruption: { try calls.count() })
    try interpreter.run(Source(name: nil, text: "let m = load(\"demo\")\nlet a = ablate(L0H0)"))
    calls.left = 40
    #expect(throws: Interrupted()) {
      try interpreter.run(Source(name: nil, text: "let b = ablate(L*H*, by=mean, on=sva_obj)"))
    }
    #expect(interpreter.session.bench.interventions.all.map(\.number) == [1])
  }

  private func shell() throws -> TestShell {
    let shell = try TestShell()
    let rows = "t\ta\tthe cat [MASK] .\tis\tare\nt\tb\tcats [MASK] .\tare\tis\n"
    let path = shell.path("short.tsv")
    try rows.write(toFile: path, atomically: true, encoding: .utf8)
    try shell.run(
      """
      load "demo"
      text "the author that the guards like [MASK] young ."
      qoi is - are
      task "\(path)" as short
      """)
    return shell
  }
}

/// Interrupts after a number of checks; never while none is set.
private final class Countdown: @unchecked Sendable {
  var left: Int?

  func count() throws {
    guard let left else { return }
    self.left = left - 1
    if left <= 0 { throw Interrupted() }
  }
}
