import FixtureFiles
import Foundation
import Testing

@testable import Language
@testable import Workbench

/// The third level in the shell: what it prints, saves, reads, keeps and measures.
@Suite struct FeedForwardLevelTests {
  private static let text = "the author that the guards like [MASK] young ."

  private func shell(_ commands: String = "") throws -> TestShell {
    let shell = try TestShell()
    try shell.run(
      """
      load "demo"
      text "\(Self.text)"
      qoi is - are
      let p = patterns(level=feedforward, points=4)
      def close(x, y) { return abs(x - y) < 1e-4 }
      """)
    try shell.run(commands)
    return shell
  }

  /// The path in the table and the steps in the record are the same.
  @Test func pathsAreThoseOfTheRecord() throws {
    let shell = try shell()
    let table = try shell.run("p").split(separator: "\n").drop { !$0.contains("feed-forward path") }
      .dropFirst()
    var through = 0
    for (index, row) in table.prefix(10).enumerated() {
      let steps = try shell.run("print p.words[\(index)].feedforward.nodes")
        .filter { !"[],\n".contains($0) }.split(separator: " ").map(String.init)
      let notations = row.split(separator: " ").filter { $0.hasPrefix("H") || $0.hasPrefix("skip") }
      let read = notations.flatMap { word -> [String] in
        let parts = word.split(separator: "*").map(String.init)
        let step = parts[0].hasSuffix("+mlp") ? "mlp" : "skip"
        return Array(repeating: step, count: parts.count == 2 ? Int(parts[1]) ?? 0 : 1)
      }
      // The attention path stands before it.
      #expect(read.count == 12 && Array(read.suffix(6)) == steps, "\(row)")
      through += steps.count { $0 == "mlp" }
    }
    #expect(through > 0)
  }

  /// The two candidates of a layer add up to what came before; the last value is the influence.
  @Test func candidatesAddUp() throws {
    try shell().run(
      """
      for w in p.words {
        let before = w.attention.influence
        for l in 0..<6 {
          let c = w.feedforward.steps[l]
          assert close(w.sign * (c[0] + c[1]), before)
          let before = w.feedforward.values[l]
        }
        assert close(before, w.feedforward.influence)
      }
      """)
  }

  @Test func writtenByHandTheyCarryTheSame() throws {
    try shell().run(
      """
      for w in [p.words[2], p.words[6]] {
        let t = "{w.position}"
        for l in 0..<6 {
          let at = w.embedding.nodes[l + 1]
          let m = w.attention.nodes[l]
          if m < 0 { let t = t + " -> L{l}.skip@{at}" } else { let t = t + " -> L{l}H{m}@{at}" }
          if w.feedforward.nodes[l] == "mlp" { let t = t + " -> L{l}.mlp@{at}" } else { let t = t + " -> L{l}.mlp_skip@{at}" }
          let t = t + " -> L{l}@{at}"
        }
        assert close(pattern(t, points=4).influence, w.feedforward.influence)
      }
      let whole = pattern("author -> L2@2 -> L3@7", points=4).influence
      let branch = pattern("author -> L2.mlp@2 -> L3@7", points=4).influence
      let skip = pattern("author -> L2.mlp_skip@2 -> L3@7", points=4).influence
      assert close(whole, branch + skip)
      assert not close(branch, 0)
      """)
  }

  /// What reaches a head comes by its query, by keys or by values.
  @Test func queriesKeysAndValuesAreSteps() throws {
    try shell().run(
      """
      let whole = pattern("author -> L3H1@7", points=4).influence
      let query = pattern("author -> L3H1.q@7 -> L3H1@7", points=4).influence
      let parts = query
      for i in 0..<11 {
        for part in ["k", "v"] { let parts = parts + pattern("author -> L3H1.{part}@{i} -> L3H1@7", points=4).influence }
      }
      assert abs(whole - parts) < 0.0001
      assert abs(pattern("author -> L3H1.v@2 -> L3H1@7", points=4).influence) > 0.01
      assert abs(pattern("author -> L3H1.v@2 -> L3.mlp@7", points=4).influence) > 0
      """)
  }

  @Test(arguments: [
    ("author -> L2.mlp@2 -> L2.skip@2", "does not come after the node before it"),
    ("author -> L2.mlp@2 -> L2.mlp_skip@2", "does not come after the node before it"),
    ("author -> L2.skip@2 -> L2.mlp@3", "`L2.mlp@3` is at another position than the node before it"),
    ("author -> L2.mlp", "is no node of a pattern"), ("author -> L2.attn@2", "is no node of a pattern"),
    ("author -> L2H1@2 -> L2H1.v@2", "does not come after the node before it"),
    ("author -> L2H1.q@2 -> L2H1@3", "no path goes from `L2H1.q@2` to `L2H1@3`"),
    ("author -> L2H1.v@2 -> L2H0@3", "no path goes from `L2H1.v@2` to `L2H0@3`"),
    ("author -> L2H1.k@2 -> L2.skip@2", "no path goes from `L2H1.k@2` to `L2.skip@2`"),
    ("author -> L2H1.q@2 -> L2.mlp@3", "`L2.mlp@3` is at another position than the node before it"),
  ])
  func whatIsNoPathIsRefused(pattern: String, message: String) throws {
    #expect(try shell().failure("pattern \"\(pattern)\"").contains(message))
  }

  @Test func savedAndReadBack() throws {
    let shell = try shell()
    let path = shell.path("p.json")
    try shell.run("save p \"\(path)\"\nlet r = read(\"\(path)\")")
    #expect(try shell.run("print r.words[2].feedforward") == shell.run("print p.words[2].feedforward"))
    #expect(try shell.run("r") == shell.run("p"))
    #expect(try shell.run("compare p r").contains("same branches"))
    // Damaged where it matters.
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let damaged = text.replacingOccurrences(of: "\"mlp\"", with: "\"mpl\"")
    #expect(damaged != text)
    try damaged.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(
      shell.failure("let d = read(\"\(path)\")").contains("looks like patterns, but a field is missing"))
    let sheet = shell.path("p.csv")
    try shell.run("save p \"\(sheet)\"")
    let header = try String(contentsOfFile: sheet, encoding: .utf8).split(separator: "\n")[0]
    #expect(header.contains("attention_influence,feedforward_path,feedforward_influence"))
  }

  /// What goes when a level's nodes stay is what `ablate` takes away by name.
  @Test func keepsWhatPatternsTake() throws {
    try shell().run(
      """
      with keep(p) { let third = forward().qoi }
      with keep(p, level=feedforward) { assert close(forward().qoi, third) }
      with keep(p, level=attention) { let second = forward().qoi }
      assert not close(third, second)
      let whole = forward().qoi
      with keep(L*.mlp, L*.mlp_skip) { assert close(forward().qoi, whole) }
      with keep(L*.mlp) { let bare = forward().qoi }
      with ablate(L*.mlp_skip) { assert close(forward().qoi, bare) }
      with keep(L2.mlp_skip@7) { let one = forward().qoi }
      with ablate(L*.mlp, L{[0, 1, 3, 4, 5]}.mlp_skip, L2.mlp_skip@{[0, 1, 2, 3, 4, 5, 6, 8, 9, 10]}) { assert close(forward().qoi, one) }
      """)
  }

  @Test func theNodeIsNamedEverywhere() throws {
    let shell = try shell()
    #expect(try shell.run("print mean(L3.mlp_skip@7)") == shell.run("print mean(L3.resid_mid[7])"))
    #expect(shell.failure("print L3.mlp_skp").contains("did you mean `mlp_skip`?"))
    #expect(
      try shell.run("sweep nodes on=sva_obj rows=2 nodes=[L3.mlp_skip, L2.mlp_skip@7]").contains(
        "L2.mlp_skip@7"))
    #expect(
      try shell.run("patch L3.mlp_skip@7 from=\"the author likes [MASK] old guards young .\"").contains(
        "L3.mlp_skip@7"))
  }

  @Test func experimentsGoAsFarAsPatterns() throws {
    let shell = try shell(
      """
      let q = patterns(sva_obj, rows=2, points=4, level=feedforward)
      let a = patterns(sva_obj, rows=2, points=4)
      """)
    #expect(
      try shell.run("print experiment(share, on=sva_obj, rows=2, patterns=q).table.level")
        == "[embedding, attention, feedforward]\n")
    #expect(
      try shell.run("print experiment(share, on=sva_obj, rows=2, patterns=a).table.level")
        == "[embedding, attention]\n")
    // In sequential blocks every path has twice as many in each layer: the shares of the paper's levels are the same.
    try shell.run(
      """
      let s = experiment(share, on=sva_obj, rows=2, patterns=q).table
      let t = experiment(share, on=sva_obj, rows=2, patterns=a).table
      assert close(s.log10_share[1], t.log10_share[1])
      assert close(s.log10_share[2], t.log10_share[1] - 6 * log(2) / log(10))
      let c = experiment(concentration, on=sva_obj, rows=2, patterns=q).table
      let d = experiment(concentration, on=sva_obj, rows=2, points=4, level=feedforward).table
      assert close(c.positive[2], d.positive[0])
      let e = experiment(ablation, on=sva_obj, rows=2, patterns=q, level=feedforward).table
      with keep(q) { assert close(measure(sva_obj, rows=2).qoi_mean, e.qoi_mean[1]) }
      """)
    #expect(
      shell.failure("experiment optimality on=sva_obj rows=2 patterns=a level=feedforward").contains(
        "they have no feed-forward level"))
    #expect(
      shell.failure("experiment skips on=sva_obj rows=2 patterns=q level=embedding").contains(
        "hidden states do not tell"))
    #expect(try shell.run("experiment skips on=sva_obj rows=2 patterns=q level=feedforward").contains("all"))
  }

  @Test func severalKeptNodesHaveNoThirdLevel() throws {
    #expect(try shell().failure("patterns keep=2 level=feedforward").contains("`level` does not apply"))
  }

  /// A causal model's drawing ends at the target; its patterns with parallel blocks have steps that are null.
  @Test func causalDrawingsEndAtTheTarget() throws {
    let shell = try TestShell()
    let folder = FixtureFiles.folder.appending(path: "families/gpt_neox_parallel").path
    try shell.run(
      """
      let m = load("\(folder)")
      text "The keys to the old cabinet"
      qoi "ves" - "/" at=8
      baseline "<|endoftext|>"
      let p = patterns(level=feedforward, points=4)
      """)
    let path = shell.path("p.json")
    try shell.run(
      "save p \"\(path)\"\nlet r = read(\"\(path)\")\nsave plot(r) \"\(shell.path("plot.json"))\"")
    let drawing = try String(contentsOfFile: shell.path("plot.json"), encoding: .utf8)
    #expect(drawing.contains("\"position\": 8") && !drawing.contains("\"position\": 9"))
    #expect(try shell.run("plot p") == shell.run("plot r"))
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains("null"))
    #expect(
      shell.failure("pattern \"0 -> L1H2@5 -> L1.mlp@5\"").contains("the blocks of this model are parallel"))
    try shell.run(
      """
      let s = pattern("0 -> L1.skip@5", points=4).influence
      let f = pattern("0 -> L1.mlp@5", points=4).influence
      let r = pattern("0 -> L1.skip@5 -> L1.mlp_skip@5", points=4).influence
      assert abs(s - f - r) < 1e-5
      """)
  }
}
