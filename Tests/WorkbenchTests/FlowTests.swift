import Foundation
import Testing

/// The command `flow`: which token it explains, what it refuses, what its result has.
@Suite struct FlowTests {
  private let setup = """
    load "demo"
    text "the author that the guards like [MASK] young ."

    """

  private func printed(_ script: String) throws -> String {
    let shell = try TestShell()
    try shell.run(setup)
    return try shell.run(script).trimmed
  }

  @Test(arguments: [
    ("print flow().target flow().method flow().heads", "7 rollout mean"),
    ("print flow(at=2).target", "2"),
    ("qoi is - are at=3\nprint flow().target flow(at=1).target", "3 1"),
    ("qoi label[positive] - label[negative]\nprint flow().target", "0"),
    ("qoi is - are\nprint flow(\"a [MASK] .\").target", "2"),
    ("print flow(method=maxflow, heads=max).heads flow().tokens[5] flow().scores.count", "max guards 11"),
    (
      "let f = flow(method=path)\nprint f.paths[2].nodes f.paths[2].token f.direction",
      "[2, 2, 2, 2, 7, 7, 7] author flow"
    ),
    ("print flow(method=path, direction=authors).paths[10].nodes", "[10, 10, 0, 0, 0, 0, 7]"),
    ("let f = flow(method=norm)\nprint f.layers[5, 2] == f.scores[2]", "false"),
    (
      "qoi is - are\nlet f = flow(influence, points=5)\nprint f.influence.count f.rank_correlation < 1",
      "11 true"
    ),
  ])
  func prints(_ script: String, _ expected: String) throws {
    #expect(try printed(script) == expected)
  }

  /// An ablated head attends all the same: the attention of its layer stays, that of later layers is of other states.
  /// Norms leave it out, since nothing of a token comes through it.
  @Test func anAblatedHeadStillAttends() throws {
    let script = """
      let a = flow(matrices)
      let n = flow(matrices, method=norm)
      ablate L1H3
      let b = flow(matrices)
      let m = flow(matrices, method=norm)
      restore
      print stats((a.matrices[1] - b.matrices[1]) ^ 2).max == 0
      print stats((a.matrices[2] - b.matrices[2]) ^ 2).max == 0
      print stats((n.matrices[1] - m.matrices[1]) ^ 2).max == 0
      """
    #expect(try printed(script).hasSuffix("true\nfalse\nfalse"))
  }

  @Test(arguments: ["rollout", "norm", "valuezeroing"])
  func scoresOfALayerAddUpToOne(_ method: String) throws {
    let sum = try printed(
      """
      let f = flow(method=\(method))
      let sum = 0
      for l in 0..<model.layers { for i in 0..<f.tokens.count { let sum = sum + f.layers[l, i] } }
      print sum
      """)
    #expect(abs(try #require(Double(sum)) - 6) < 1e-4)
  }

  @Test func matricesAndLayersAreDrawn() throws {
    let shell = try TestShell()
    try shell.run(setup)
    let drawn = try shell.run("let f = flow(method=norm, matrices)\nheatmap f.layers\nheatmap f.matrices[2]")
    #expect(drawn.components(separatedBy: "guards").count > 2)
    #expect(shell.failure("print flow().matrices").contains("a flow has no field `matrices`"))
  }

  @Test func comparesWordByWord() throws {
    let table = try printed("compare flow() flow(heads=max)")
    #expect(table.components(separatedBy: "\n").count == 12)
    #expect(table.hasPrefix("position  token"))
  }

  @Test func jsonHasTheFields() throws {
    let shell = try TestShell(format: "json")
    try shell.run(setup)
    let line = try shell.run("flow method=path")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    let result = try #require(object["result"] as? [String: Any])
    #expect(
      Set(result.keys) == [
        "tokens", "target", "method", "heads", "scores", "layers", "direction", "paths",
      ])
    #expect((result["layers"] as? [[Double]])?.map(\.count) == Array(repeating: 11, count: 6))
  }

  @Test(arguments: [
    (
      "flow \"no hidden word here .\"",
      """
      test.ipscript:1:1: error: the text has no [MASK]
        flow "no hidden word here ."
        ^~~~~~~~~~~~~~~~~~~~~~~~~~~~
      note: write [MASK] in the text or give at=0...6
      """
    ),
    (
      "flow \"the [MASK] cat [MASK] .\"",
      """
      test.ipscript:1:1: error: the text has 2 masks, at positions 2, 4
        flow "the [MASK] cat [MASK] ."
        ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
      note: choose one with at=2
      """
    ),
    (
      "flow at=11",
      """
      test.ipscript:1:9: error: position 11 is out of range 0...10 (the text has 11 tokens)
        flow at=11
                ^~
      """
    ),
    (
      "flow method=norm heads=max",
      """
      test.ipscript:1:24: error: `heads` does not apply: norm does not aggregate attention over heads
        flow method=norm heads=max
                               ^~~
      """
    ),
    (
      "flow direction=authors",
      """
      test.ipscript:1:16: error: `direction` does not apply: only method=path has steps
        flow direction=authors
                       ^~~~~~~
      """
    ),
    (
      "flow points=5",
      """
      test.ipscript:1:13: error: `points` does not apply: only `influence` integrates along a path
        flow points=5
                    ^
      """
    ),
    (
      "flow influence",
      """
      test.ipscript:1:1: error: there is no quantity of interest
        flow influence
        ^~~~~~~~~~~~~~
      note: set one, e.g. `qoi is - are`
      """
    ),
    (
      "qoi is - are; flow influence at=2",
      """
      test.ipscript:1:33: error: `at` does not apply: the influence is of the quantity at position 7
        qoi is - are; flow influence at=2
                                        ^
      """
    ),
    (
      "flow method=rolout",
      """
      test.ipscript:1:13: error: `method` is one of rollout, maxflow, path, norm, valuezeroing, alti, ifr, decompx, not `rolout`
        flow method=rolout
                    ^~~~~~
      note: did you mean `rollout`?
      """
    ),
  ])
  func failsWithTheWholeMessage(script: String, expected: String) throws {
    let shell = try TestShell()
    try shell.run(setup)
    #expect(shell.failure(script).trimmed == expected)
  }

  /// How much it needs grows with the threads.
  @Test func aPassWithinTheMemoryBudgetOnly() throws {
    let shell = try TestShell()
    try shell.run(setup)
    let lines = shell.failure("set max_memory \"100K\"; flow method=norm").trimmed.split(separator: "\n")
    #expect(lines[0].hasPrefix("test.ipscript:1:24: error: needs about "))
    #expect(lines[0].hasSuffix(" kB of working memory, the budget is 100 kB"))
    #expect(
      lines.last == "note: capture less, or raise it with --max-memory or `set max_memory \"4G\"`")
  }

  @Test func needsAModelAndAText() throws {
    let shell = try TestShell()
    #expect(shell.failure("flow").contains("no model is loaded"))
    try shell.run("load \"demo\"")
    #expect(shell.failure("flow").contains("there is no current text"))
  }
}
