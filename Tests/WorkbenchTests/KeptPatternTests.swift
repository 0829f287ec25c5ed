import Foundation
import Testing

@testable import Language
@testable import Workbench

/// Rows with one sentence and different words keep the patterns of their own words.
@Suite struct KeptPatternTests {
  private static let sentence = "the author that the guards like [MASK] young ."
  private static let rows = ["is\tare", "was\twere"]

  private func shell() throws -> TestShell {
    let shell = try TestShell()
    for (name, rows) in [("a", Self.rows), ("b", Self.rows.reversed())] {
      let text = rows.enumerated().map { "t\t\($0.offset)\t\(Self.sentence)\t\($0.element)\n" }.joined()
      try text.write(toFile: shell.path(name + ".tsv"), atomically: true, encoding: .utf8)
    }
    try shell.run(
      """
      load "demo"
      task "\(shell.path("a.tsv"))" as a
      task "\(shell.path("b.tsv"))" as b
      let pa = patterns(a, points=6)
      let pb = patterns(b, points=6)
      def close(x, y) { return abs(x - y) < 1e-4 }
      """)
    return shell
  }

  @Test func eachRowKeepsItsOwn() throws {
    let shell = try shell()
    // What each row gives with its own patterns alone.
    try shell.run(
      """
      let alone = []
      for c in ["0", "1"] {
        let p = patterns(a, case=c, points=6)
        with keep(p) { let alone = append(alone, measure(a, case=c).qoi_mean) }
      }
      with keep(pa) {
        let both = measure(a).qoi_mean
        let second = measure(a, case="1").qoi_mean
        let first = measure(a, rows=1).qoi_mean
        let swapped = measure(b).qoi_mean
      }
      with keep(pb) { let other = measure(a).qoi_mean }
      let e = experiment(ablation, on=a, points=6, patterns=pa, level=attention)
      """)
    try shell.run(
      "assert close(first, alone[0])\nassert close(second, alone[1])\nassert not close(first, second)")
    try shell.run("for x in [both, swapped, other] { assert close(x, mean(alone)) }")
    try shell.run("assert close(e.table.qoi_mean[1], both)")
    try shell.run("save pa \"\(shell.path("p.json"))\"\nlet r = read(\"\(shell.path("p.json"))\")")
    try shell.run("with keep(r) { assert close(measure(b).qoi_mean, both) }")
  }

  /// A sentence of one's own has the question of `qoi`; without one nothing tells which patterns are meant.
  @Test func theQuantityChooses() throws {
    let shell = try shell()
    try shell.run("text \"\(Self.sentence)\"\nkeep pa")
    #expect(
      shell.failure("forward").contains("different patterns of \"\(Self.sentence)\" for is - are, was - were")
    )
    try shell.run("qoi was - were\nassert close(forward().qoi, measure(a, case=\"1\").qoi_mean)")
    try shell.run("qoi is - are\nassert close(forward().qoi, measure(a, case=\"0\").qoi_mean)")
    #expect(shell.failure("qoi the - a\nforward").contains("set one of these quantities with `qoi`"))
  }
}
