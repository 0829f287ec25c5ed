import Testing

@testable import Language
@testable import Workbench

/// With the same kernels and threads a script gives the same bytes.
@Suite struct DeterminismTests {
  private static let setup = """
    load "demo"
    text "the author that the guards like [MASK] young ."
    qoi is - are
    """
  private static let computations = [
    "forward top=20", "influence points=6", "patterns points=6", "show L3.z[7]",
    "patterns(sva_obj, rows=3, points=4)",
    "influence(points=5, quadrature=gauss, baseline=pad)",
  ]

  /// Without the `line` that machine formats state.
  private func bytes(_ statements: [String], in shell: TestShell) throws -> [String: String] {
    var results: [String: String] = [:]
    for statement in statements { results[statement] = try shell.run(statement) }
    return results
  }

  @Test func twoRunsGiveTheSameBytes() throws {
    let (first, second) = (try TestShell(format: "json"), try TestShell(format: "json"))
    try first.run(Self.setup)
    try second.run(Self.setup)
    #expect(try bytes(Self.computations, in: first) == bytes(Self.computations, in: second))
  }

  /// Nor does it matter what was computed before.
  @Test func theOrderOfCommandsDoesNotMatter() throws {
    let (first, second) = (try TestShell(format: "json"), try TestShell(format: "json"))
    try first.run(Self.setup)
    try second.run(
      "load \"demo\" as other\ntext \"a cat [MASK] .\"\nforward\nqoi are\ninfluence points=3\n" + Self.setup)
    let expected = try bytes(Self.computations, in: first)
    #expect(try bytes(Self.computations.reversed(), in: second) == expected)
    #expect(try bytes(Self.computations, in: second) == expected)
  }
}
