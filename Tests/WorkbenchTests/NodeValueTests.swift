import Testing

@testable import Language
@testable import Workbench

/// Nodes as values: by name, one by one, and from other results.
@Suite struct NodeValueTests {
  private static let setup = "load \"demo\"\ntext \"the author [MASK] young .\"\nqoi is - are\n"

  private func printed(_ script: String) throws -> String {
    let shell = try TestShell()
    try shell.run(Self.setup)
    return try shell.run(script)
  }

  @Test(arguments: [
    ("for n in L3H{1,4} { print n }", "L3H1\nL3H4\n"),
    ("for n in L3H1 { print n }", "L3H1\n"),
    ("print len(L1-2H*) L3H{1,4}[1] L3H{1,4}[-1]", "24 L3H4 L3H4\n"),
    ("print len(list(L3H{1,4}))", "2\n"),
    ("print contains(L3H{1,4}, L3H4) contains(L3H{1,4}, L3H2)", "true false\n"),
    ("with ablate(\"L3H1\", [\"L2.mlp\", L1H0]) { print interventions().nodes }", "[L3H1 L2.mlp L1H0]\n"),
    ("with ablate(\"embed@2\") { print interventions().nodes }", "[embed@2]\n"),
    (
      "let x = forward(top=1).qoi\nfor n in [\"L3H1\"] { with ablate(n) { print forward(top=1).qoi != x } }",
      "true\n"
    ),
    ("print stats(\"L3H1@2\").shape", "[32]\n"),
    ("print a3.h5 3.5", "L3H5 3.5\n"),
    ("load \"demo\" as other\nprint other.layers demo.heads model(\"demo\").layers", "6 12 6\n"),
    (
      "print [{a: 1, b: 2}, {a: 3}].a forward(top=2).predictions.token == forward(top=2).predictions.token",
      "[1, 3] true\n"
    ),
    (
      "let p = patterns(points=4)\nprint p.completeness == abs(p.completeness_gap) / sum(abs(p.influence))",
      "true\n"
    ),
  ])
  func areValues(script: String, expected: String) throws {
    #expect(try printed(script).hasSuffix(expected))
  }

  @Test func aSweepsRowsAreNodes() throws {
    #expect(
      try printed(
        """
        let s = sweep(heads, on=sva_obj, rows=2, layers=3)
        for row in head(sort(s, by="delta_qoi"), 2) { with ablate(row.node) { print len(interventions()) } }
        """) == "1\n1\n")
  }

  @Test(arguments: [
    ("ablate \"L3H99\"", "head 99 is out of range"),
    ("ablate \"the author\"", "\"the author\" names no nodes"),
    ("ablate \"L3.pattern\"", "names no nodes"), ("ablate \"1 + 1\"", "names no nodes"),
    ("show \"\"", "names no nodes"),
    ("print [{a: 1}, {b: 2}].b", "a list has no field `b`"),
  ])
  func whatIsNoNameIsRefused(script: String, message: String) throws {
    let shell = try TestShell()
    try shell.run(Self.setup)
    let failure = shell.failure(script)
    #expect(failure.contains(message), "\(failure)")
  }
}
