import Foundation
import Results
import Scripting
import Testing

@testable import Language
@testable import Workbench

/// What `--check` says about how long a script takes. Times themselves depend on the machine.
@Suite struct CheckEstimateTests {
  private static let setup = """
    load "demo"
    text "the author that the guards like [MASK] young ."
    qoi is - are

    """

  private func estimates(_ script: String, in shell: TestShell? = nil) throws -> WorkEstimates? {
    let interpreter = try (shell ?? TestShell()).interpreter
    let source = Source(name: "e.ipscript", text: Self.setup + script)
    let findings = try interpreter.check([interpreter.parse(source)])
    #expect(findings.diagnostics.map(\.message) == [])
    return findings.estimates
  }

  /// `command runs x sequences`, with `?` for what is not known.
  private func lines(_ script: String) throws -> [String] {
    try estimates(script)?.lines.map { line in
      let most = line.runs.most.map { "\(Int($0))" } ?? "?"
      let least = "\(Int(line.runs.least))"
      let sequences = line.cost.map { "\($0.sequences)" } ?? "?"
      return "\(line.place) \(least == most ? least : least + "-" + most) x \(sequences)"
    } ?? []
  }

  /// How many sequences go through the network, and how often.
  @Test(arguments: [
    ("forward", ["e.ipscript:4 1 x 1"]),
    ("influence", ["e.ipscript:4 1 x 50"]), ("influence points=8 quadrature=gauss", ["e.ipscript:4 1 x 10"]),
    ("patterns sva_obj rows=20 points=10", ["e.ipscript:4 1 x 200"]),
    ("pattern \"author -> L0@2\" points=10", ["e.ipscript:4 1 x 10"]),
    // The text once, and in each of six layers once without each of its eleven tokens.
    ("flow method=norm", ["e.ipscript:4 1 x 1"]), ("flow method=valuezeroing", ["e.ipscript:4 1 x 67"]),
    ("measure sva_obj", ["e.ipscript:4 1 x 200"]),
    ("measure sva_obj sva_subj rows=20", ["e.ipscript:4 1 x 40"]),
    ("sweep heads on=sva_obj rows=10", ["e.ipscript:4 1 x 740"]),
    ("sweep heads on=sva_obj rows=10 file=\"new.jsonl\"", ["e.ipscript:4 1 x 740"]),
    ("sweep heads on=sva_obj rows=10 file=\"new.jsonl\" resume", ["e.ipscript:4 1 x ?"]),
    ("score \"the author laughs .\"", ["e.ipscript:4 1 x 4"]),
    ("experiment accuracy on=sva_obj rows=16", ["e.ipscript:4 1 x 16"]),
    (
      "let p = patterns(sva_obj, rows=8, points=5)\nexperiment(skips, on=sva_obj, rows=8, patterns=p)",
      ["e.ipscript:4 1 x 40", "e.ipscript:5 1 x 8"]
    ),
    ("print model.layers L2.pattern[0, 0, 0]", []),
    ("for i in 0..<12 { forward }", ["e.ipscript:4 12 x 1"]),
    ("for i in 0..<12 { for j in 0..<3 { forward } }", ["e.ipscript:4 36 x 1"]),
    ("for i in 0..<0 { forward }", []),
    // The mean of the turns.
    ("for n in [10, 11, 20] { measure(sva_obj, rows=n) }", ["e.ipscript:4 3 x 14"]),
    ("for w in patterns(points=3).words { forward }", ["e.ipscript:4 1 x 3", "e.ipscript:4 10 x 1"]),
    ("def yes(x) { return true }\nfor w in filter([1], yes) { forward }", ["e.ipscript:5 1 x 1"]),
    ("def f() { forward }\nfor i in 0..<5 { f() }\nf()", ["e.ipscript:4 6 x 1"]),
    ("def f() { forward }", []),
    // Something unknown ends the recursion.
    (
      "def f(n) { if forward().qoi > 0 { f(n) } }\nf(1)", ["e.ipscript:4 1 x 1", "e.ipscript:4 0-? x ?"]
    ),
    ("def f(n) { forward; if n > 0 { f(n - 1) } }\nf(3)", ["e.ipscript:4 4 x 1"]),
    ("def f(s) { forward(s) }\nf(\"a [MASK] .\")", ["e.ipscript:4 1 x 1"]),
    ("def f(t) { measure(t, rows=5) }\nf(sva_obj)", ["e.ipscript:4 1 x 5"]),
    (
      "if forward().qoi > 0 { influence } else { measure sva_obj }",
      [
        "e.ipscript:4 1 x 1", "e.ipscript:4 0-1 x 50", "e.ipscript:4 0-1 x 200",
      ]
    ),
    ("if model.layers > 3 { influence } else { measure sva_obj }", ["e.ipscript:4 1 x 50"]),
    ("while forward().qoi > 0 { influence }", ["e.ipscript:4 1 x 1", "e.ipscript:4 0-? x 50"]),
    ("let i = 0\nwhile i < 3 { influence; let i = i + 1 }", ["e.ipscript:5 3 x 50"]),
    (
      "for i in 0..<9 { if forward().qoi > 0 { break }; influence }",
      ["e.ipscript:4 1-9 x 1", "e.ipscript:4 0-9 x 50"]
    ),
    // What only some turns run.
    ("for k in 0..<100 { if k == 50 { influence } }", ["e.ipscript:4 1 x 50"]),
    ("for k in 0..<100 { if k % 2 == 0 { influence } }", ["e.ipscript:4 50 x 50"]),
    ("forward\nquit\nforward", ["e.ipscript:4 1 x 1"]),
    ("try { influence } catch e { forward }", ["e.ipscript:4 1 x 50", "e.ipscript:4 0-1 x 1"]),
    (
      "with ablate(L3H1, by=mean, on=sva_obj) { measure sva_obj }",
      ["e.ipscript:4 1 x 200", "e.ipscript:4 1 x 200"]
    ),
  ])
  func workIsCounted(script: String, expected: [String]) throws {
    #expect(try lines(script) == expected)
  }

  /// Multiply-adds of the embedded model (6 layers, d 384, I 1536) for the 11 tokens of the text, of which the last layer computes the
  /// [MASK] alone: written down from the formulas of the network.
  @Test func operationsAreThoseOfTheNetwork() throws {
    let (d, i, n, v) = (384.0, 1536.0, 11.0, 10000.0)
    let layer = n * (4 * d * d + 2 * d * i + 2 * n * d)
    let last = n * 2 * d * d + 2 * d * d + 2 * d * i + 2 * n * d
    let cost = try #require(try estimates("forward")?.lines.first?.cost)
    // The head's transformation and the logits; another transformation for the quantity, which reads two of them.
    #expect(cost.operations == 5 * layer + last + d * d + d * v)
  }

  /// Points that do not fit the budget together are computed in parts: less memory, more work.
  @Test func memoryIsThatOfThePlan() throws {
    let whole = try #require(try estimates("patterns")?.lines.first?.cost)
    let shell = try TestShell()
    let parts = try #require(
      try estimates("set max_memory \"40M\"\npatterns", in: shell)?.lines.first?.cost)
    #expect(
      parts.workingBytes <= 40 << 20 && whole.workingBytes > 40 << 20,
      "\(parts.workingBytes), \(whole.workingBytes)")
    #expect(parts.operations > 1.5 * whole.operations)
    #expect(parts.sequences == whole.sequences)
  }

  @Test func totalsAddUp() throws {
    let certain = try #require(try estimates("for i in 0..<10 { measure(sva_obj) }\nforward"))
    let (least, most) = certain.total
    let sum = certain.lines.reduce(0) { $0 + $1.runs.least * ($1.cost?.seconds ?? 0) }
    #expect(least > 0 && least == most && least == sum)
    #expect(certain.bytes == certain.lines.compactMap { $0.cost?.bytes }.max())
    let open = try #require(try estimates("measure sva_obj\nwhile forward().qoi > 0 { influence }"))
    #expect(open.total.least > 0 && open.total.most == nil)
    #expect(open.summary.hasPrefix("estimated time at least "), "\(open.summary)")
    let branch = try #require(try estimates("if forward().qoi > 0 { for i in 0..<99 { influence } }"))
    #expect(try #require(branch.total.most) > branch.total.least)
  }

  @Test func faultsComeWithoutEstimates() throws {
    let shell = try TestShell()
    let script = try shell.interpreter.parse(Source(name: nil, text: Self.setup + "forward\nprint nope"))
    #expect(try shell.interpreter.check([script]).estimates == nil)
  }

  /// A command tells that it runs the network where a check cannot know how much.
  @Test(arguments: CommandRegistry.standard.commands)
  func commandsThatRunTheNetworkSaySo(command: any Command) throws {
    let shell = try TestShell()
    let script = try shell.interpreter.parse(Source(name: nil, text: command.example))
    let lines = try shell.interpreter.check([script]).estimates?.lines ?? []
    let own = lines.filter { $0.command.hasPrefix(command.name) }
    let intervenes = command.group == .intervene
    #expect(own.isEmpty != command.runsNetwork || intervenes, "\(command.name)")
    #expect(own.allSatisfy { $0.cost != nil }, "\(command.name)")
  }
}
