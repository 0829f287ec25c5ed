import Foundation
import Testing

@Suite struct SweepTests {
  struct Sweep: Decodable {
    struct Baseline: Decodable {
      let rows: Int
      let accuracy: Double
      let qoi_mean: Double
    }

    struct Row: Decodable, Equatable {
      let node: String
      let accuracy: Double
      let qoi_mean: Double
      let delta_accuracy: Double
      let delta_qoi: Double
    }

    let task: String
    let kind: String
    let baseline: Baseline
    let rows: [Row]
    let requested: Int
  }

  private func sweep(_ call: String, _ before: String = "") throws -> Sweep {
    try jsonResult("load \"demo\"\n\(before)\nsweep \(call)")
  }

  /// Within 2e-5 of the float64 reference, which zeroes each head with a hook.
  @Test func headsHaveTheReferencesMeans() throws {
    let fixture = try ScoreFixture.read()
    let sweep = try sweep("heads on=sva_obj rows=\(fixture.sva_obj.count)")
    #expect(sweep.rows.map(\.node) == (0..<6).flatMap { layer in (0..<12).map { "L\(layer)H\($0)" } })
    #expect(sweep.requested == 72 && sweep.task == "sva_obj" && sweep.kind == "heads")
    #expect(abs(sweep.baseline.qoi_mean - fixture.sva_obj.mean) < 2e-5)
    for (node, expected) in fixture.without {
      let row = try #require(sweep.rows.first { $0.node == node })
      #expect(abs(row.qoi_mean - expected.mean) < 2e-5)
      #expect(row.accuracy == Double(expected.filter { $0 > 0 }.count) / Double(expected.count))
    }
    for row in sweep.rows {
      #expect(row.delta_qoi == row.qoi_mean - sweep.baseline.qoi_mean)
      #expect(row.delta_accuracy == row.accuracy - sweep.baseline.accuracy)
    }
  }

  /// To the bit: what is found of a node does not depend on which others are asked about, nor on their number.
  @Test(arguments: ["rows=1", "rows=3", "rows=7"]) func aRowDoesNotDependOnTheOthers(rows: String) throws {
    let whole = try sweep("heads on=sva_obj \(rows)")
    for layers in ["0", "5", "[1, 4]"] {
      let some = try sweep("heads on=sva_obj \(rows) layers=\(layers)")
      #expect(!some.rows.isEmpty && some.rows.allSatisfy(whole.rows.contains), "\(layers)")
      #expect(some.baseline.qoi_mean == whole.baseline.qoi_mean)
    }
    let single = try sweep("nodes on=sva_obj \(rows) nodes=L3H1")
    #expect(single.rows == whole.rows.filter { $0.node == "L3H1" })
  }

  @Test(arguments: [
    ("layers on=sva_obj rows=4 layers=1..2", ["L1.attn", "L1.mlp", "L2.attn", "L2.mlp"]),
    ("heads on=sva_obj rows=4 layers=5", (0..<12).map { "L5H\($0)" }),
    ("nodes on=sva_obj rows=4 nodes=[L4.mlp, L0H1]", ["L0H1", "L4.mlp"]),
    ("nodes on=sva_obj rows=4 nodes=L2-3.skip@7", ["L2.skip@7", "L3.skip@7"]),
    ("positions on=sva_obj rows=4 layers=[3]", (0..<11).map { "L3@\($0)" }),
    ("heads on=sst2 rows=4 layers=0..<1", (0..<12).map { "L0H\($0)" }),
  ])
  func sweepsOverWhatIsAskedFor(call: String, nodes: [String]) throws {
    #expect(try sweep(call).rows.map(\.node) == nodes)
  }

  @Test func positionsIncludeTheEmbeddings() throws {
    let sweep = try sweep("positions on=sva_obj rows=2")
    #expect(sweep.rows.count == 7 * 11)
    #expect(sweep.rows.first?.node == "embed@0" && sweep.rows.last?.node == "L5@10")
    // Nothing reads the last layer at other positions than the target.
    #expect(sweep.rows.suffix(11).filter { abs($0.delta_qoi) > 1e-4 }.map(\.node) == ["L5@7"])
  }

  @Test func neuronsAreThoseOfOneLayer() throws {
    let sweep = try sweep("neurons on=sva_obj rows=2 layer=4")
    #expect(sweep.rows.first?.node == "L4.mlp[0]")
    #expect(sweep.rows.count == sweep.requested && sweep.rows.count > 1000)
  }

  /// A node's row is what `ablate` and `measure` give.
  @Test(arguments: ["by=zero", "by=mean", "by=baseline", "by=resample seed=3"])
  func rowsAreWhatAblationsMeasure(by: String) throws {
    struct Measured: Decodable { let qoi_mean: Double }
    let sweep = try sweep("nodes on=sva_obj rows=6 nodes=[L1H2, L3.mlp, L2@4] \(by)")
    let source = by == "by=zero" || by == "by=baseline" ? by : by + " on=sva_obj rows=6"
    for row in sweep.rows {
      let measured: Measured = try jsonResult(
        "load \"demo\"\nablate \(row.node) \(source)\nmeasure sva_obj rows=6")
      #expect(abs(row.qoi_mean - measured.qoi_mean) < 2e-5, "\(row.node) \(by)")
    }
  }

  /// Sentences of many lengths in one batch.
  @Test(arguments: ["by=mean", "by=baseline"]) func lengthsMayDiffer(by: String) throws {
    struct Measured: Decodable { let qoi_mean: Double }
    let sweep = try sweep("nodes on=sst2 rows=6 nodes=[L1H2, L2@1, L3.attn] \(by)")
    let source = by == "by=mean" ? "by=mean on=sst2 rows=6" : by
    for row in sweep.rows {
      let measured: Measured = try jsonResult(
        "load \"demo\"\nablate \(row.node) \(source)\nmeasure sst2 rows=6")
      #expect(abs(row.qoi_mean - measured.qoi_mean) < 2e-5, "\(row.node) \(by)")
    }
  }

  /// On top of the session's interventions.
  @Test func theBaselineHasTheInterventions() throws {
    struct Measured: Decodable { let qoi_mean: Double }
    let sweep = try sweep("nodes on=sva_obj rows=6 nodes=L3H1", "ablate L4H3")
    let one: Measured = try jsonResult("load \"demo\"\nablate L4H3\nmeasure sva_obj rows=6")
    let both: Measured = try jsonResult("load \"demo\"\nablate L4H3 L3H1\nmeasure sva_obj rows=6")
    #expect(abs(sweep.baseline.qoi_mean - one.qoi_mean) < 2e-5)
    #expect(abs(sweep.rows[0].qoi_mean - both.qoi_mean) < 2e-5)
  }

  @Test func theValueIsATable() throws {
    let shell = try TestShell()
    let printed = try shell.run(
      """
      load "demo"
      let s = sweep(heads, on=sva_obj, rows=4, layers=0..<2)
      print s[3].node s[-1].node s.count s.node[0]
      print s.delta_qoi[5] == s[5].delta_qoi s["delta_qoi"][5] == s[5].qoi_mean - s.baseline.qoi_mean
      let n = [0]
      for row in s { if row.node == "L1H0" { print "found" } }
      save s "\(shell.path("s.csv"))"
      save s "\(shell.path("s.json"))"
      print compare(s, s)[0].node
      """)
    #expect(printed.hasSuffix("L0H3 L1H11 24 L0H0\ntrue true\nfound\nL0H0\n"), "\(printed)")
    let csv = try String(contentsOfFile: shell.path("s.csv"), encoding: .utf8)
    #expect(csv.hasPrefix("node,accuracy,qoi_mean,delta_accuracy,delta_qoi\r\nL0H0,"))
    #expect(csv.split(separator: "\r\n").count == 25)
    let json = try Data(contentsOf: URL(filePath: shell.path("s.json")))
    #expect(try JSONDecoder().decode(Sweep.self, from: json).rows.count == 24)
  }

  @Test func heatmapsAreLayersByHeads() throws {
    struct Map: Decodable {
      let rows: [String]
      let columns: [String]
      let data: [[Double]]
    }
    let script = "load \"demo\"\nlet s = sweep(heads, on=sva_obj, rows=4, layers=[1, 3])\nheatmap s"
    let map: Map = try jsonResult(script)
    #expect(map.rows == ["L1", "L3"])
    #expect(map.columns == (0..<12).map { "H\($0)" })
    let value: Double = try jsonResult(script + "\nprint s[13].delta_qoi")
    #expect(abs(map.data[1][1] - value) < 1e-5)
    let accuracy: Map = try jsonResult(script + " of=accuracy")
    #expect(accuracy.data.joined().allSatisfy { (0...1).contains($0) })
  }

  @Test(arguments: [
    ("sweep heads", "ON is missing"), ("sweep heads on=3", "`on` expects a task"),
    ("sweep heads on=sva_obj layers=0..<9", "layer 8 is out of range"),
    ("sweep heads on=sva_obj layers=6", "layer 6 is out of range"),
    ("sweep heads on=sva_obj layer=1", "`layer` does not apply"),
    ("sweep neurons on=sva_obj", "add layer=N"), ("sweep nodes on=sva_obj", "needs nodes"),
    ("sweep nodes on=sva_obj nodes=3", "expected nodes, found a number"),
    ("sweep nodes on=sva_obj nodes=L0@50", "L0@50: a sentence of sva_obj has only 11 tokens"),
    ("sweep positions on=sst2", "sentences of one length"),
    ("sweep heads on=sva_obj resume", "none is named"),
    ("heatmap L2H3 of=accuracy", "`of` does not apply"),
    ("show sweep(heads, on=sva_obj, rows=1)", "found a sweep"),
  ])
  func refuses(command: String, message: String) throws {
    let failure = try TestShell().failure("load \"demo\"\n\(command)")
    #expect(failure.contains(message), "\(failure)")
  }
}
