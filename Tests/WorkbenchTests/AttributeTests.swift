import FixtureFiles
import Foundation
import Scripting
import Testing

/// `attribute`, `circuit`, `lens` and `contributions` on the embedded decoder.
@Suite struct AttributeTests {
  private static let pair = """
    load "demo-gpt2"
    text "When Mary and John went to the store, John gave a drink to" counterfactual="When Mary and John went to the store, Peter gave a drink to"
    qoi Mary - John
    """

  private struct Scores: Decodable {
    struct Row: Decodable {
      let node: String?
      let edge: String?
      let score: Double
    }

    let kind: String
    let method: String
    let by: String
    let rows: [Row]
  }

  private struct Comparison: Decodable {
    let rank_correlation: Double
    let count: Int
    let score: [Double]
    let effect: [Double]
  }

  private struct Golden: Decodable {
    let atp: [String: [Double]]
    let patch: [String: Double]
    let qoi: Double
    let eap_top: [String: Double]
    let exact_edges: [String: Double]
  }

  private func golden() throws -> Golden {
    let file = FixtureFiles.folder.appending(path: "golden/demo-gpt2.json")
    return try #require(try JSONDecoder().decode([Golden].self, from: Data(contentsOf: file)).first)
  }

  private func close(_ x: Double, _ y: Double, _ scale: Double) -> Bool { abs(x - y) < 1e-4 * scale }

  @Test func scoresOfHeadsStandBesideTheirEffects() throws {
    let golden = try golden()
    let scores: Scores = try jsonResult("\(Self.pair)\nattribute heads")
    #expect(scores.kind == "heads" && scores.method == "atp" && scores.by == "counterfactual")
    let largest = golden.atp.values.map { abs($0.reduce(0, +)) }.max() ?? 1
    for row in scores.rows {
      let node = try #require(row.node)
      let expected = try #require(golden.atp[node]).reduce(0, +)
      #expect(close(row.score, expected, largest))
    }
    let call = "compare attribute(heads) sweep(heads, by=counterfactual)"
    let compared: Comparison = try jsonResult("\(Self.pair)\n\(call)")
    #expect(compared.count == 36 && compared.rank_correlation > 0.9)
    for (row, effect) in zip(scores.rows, compared.effect) {
      let node = try #require(row.node)
      let patched = try #require(golden.patch[node])
      #expect(abs(effect - (golden.qoi - patched)) < 5e-5)
    }
    // What the counterfactual's run gains from a clean head is its effect as well.
    let denoised: Comparison = try jsonResult(
      "\(Self.pair)\ncompare sweep(heads, by=counterfactual, direction=denoise) attribute(heads)")
    let best = denoised.score.indices.max { denoised.score[$0] < denoised.score[$1] }
    #expect(denoised.effect.indices.max { denoised.effect[$0] < denoised.effect[$1] } == best)
    let unsigned: Comparison = try jsonResult(
      "\(Self.pair)\ncompare attribute(heads, method=atp-star) sweep(heads, by=counterfactual)")
    #expect((unsigned.score + unsigned.effect).allSatisfy { $0 >= 0 })
  }

  @Test func edgesStandBesideTheirEffects() throws {
    let golden = try golden()
    let scores: Scores = try jsonResult("\(Self.pair)\nattribute edges")
    #expect(scores.rows.count == 2188 && scores.method == "eap")
    let largest = golden.eap_top.values.map(abs).max() ?? 1
    for (edge, expected) in golden.eap_top {
      #expect(close(try #require(scores.rows.first { $0.edge == edge }).score, expected, largest))
    }
    let edge = try #require(golden.exact_edges.min { $0.value < $1.value })
    let patched: Double = try jsonResult(
      "\(Self.pair)\npatch \"\(edge.key)\"\nforward(top=1).qoi")
    #expect(abs(patched - edge.value) < 5e-5)
    // Several edges together, in a list or one after another, are the same patch.
    let names = golden.exact_edges.keys.sorted().prefix(2).map { "\"\($0)\"" }
    let listed: Double = try jsonResult("\(Self.pair)\npatch [\(names[0]), \(names[1])]\nforward(top=1).qoi")
    let followed: Double = try jsonResult(
      "\(Self.pair)\npatch \(names[0])\npatch \(names[1])\nforward(top=1).qoi")
    #expect(listed == followed)
  }

  @Test func circuitsAreKeptSavedAndRead() throws {
    let shell = try TestShell(format: "json")
    let path = shell.path("circuit.json")
    let script = """
      \(Self.pair)
      let c = circuit(edges=200, method=eap-ig, points=5, quadrature=left)
      save c "\(path)"
      let d = circuit(read("\(path)"))
      keep c
      let a = forward(top=1).qoi
      restore
      keep d
      let b = forward(top=1).qoi
      restore
      [a, b, forward(top=1).qoi, c.count, d.count]
      """
    let values = try shell.result(script, as: [Double].self)
    #expect(values[0] == values[1] && values[0] != values[2])
    #expect(values[3] == 200 && values[4] == 200)
    // As MIB writes it.
    struct Saved: Decodable {
      struct Edge: Decodable {
        let score: Double
        let in_graph: Bool
      }

      let cfg: [String: Cell]
      let nodes: [String: [String: Bool]]
      let edges: [String: Edge]

      enum Cell: Decodable {
        case number(Double)
        case flag(Bool)
        case text(String)

        init(from decoder: any Decoder) throws {
          let container = try decoder.singleValueContainer()
          if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
          } else if let number = try? container.decode(Double.self) {
            self = .number(number)
          } else {
            self = .text(try container.decode(String.self))
          }
        }
      }
    }
    let saved = try JSONDecoder().decode(Saved.self, from: Data(contentsOf: URL(filePath: path)))
    #expect(saved.edges.count == 2188 && saved.edges.values.count { $0.in_graph } == 200)
    #expect(saved.edges["input->m0"]?.in_graph == true && saved.edges["a3.h0->logits"] != nil)
    #expect(saved.nodes["input"]?["in_graph"] == true && saved.nodes.count == 44)
  }

  @Test func faithfulnessGoesFromNothingToAll() throws {
    struct Found: Decodable {
      struct Row: Decodable {
        let share: Double
        let edges: Int
        let faithfulness: Double
      }

      struct Lines: Decodable {
        let rows: [Row]
      }

      let table: Lines
      let cpr: Double
      let cmd: Double
      let qoi_all: Double
      let qoi_none: Double
    }
    let found: Found = try jsonResult(
      """
      load "demo-gpt2"
      let c = circuit(ioi, rows=3, points=4, edges=100)
      experiment faithfulness on=ioi rows=3 circuit=c
      """)
    #expect(found.table.rows.map(\.share) == [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1])
    #expect(found.table.rows.map(\.edges) == [2, 4, 10, 21, 43, 109, 218, 437, 1094, 2188])
    #expect(abs(try #require(found.table.rows.last).faithfulness - 1) < 1e-5)
    #expect(found.qoi_all > found.qoi_none)
    // Trapezoids over the shares.
    let pairs = zip(found.table.rows, found.table.rows.dropFirst())
    let area = pairs.reduce(0) {
      $0 + ($1.1.share - $1.0.share) * ($1.0.faithfulness + $1.1.faithfulness) / 2
    }
    let distance = pairs.reduce(0) {
      $0 + ($1.1.share - $1.0.share) * (abs(1 - $1.0.faithfulness) + abs(1 - $1.1.faithfulness)) / 2
    }
    #expect(abs(found.cpr - area) < 1e-9 && abs(found.cmd - distance) < 1e-9)
  }

  @Test func contributionsAddUpToTheQuantity() throws {
    struct Found: Decodable {
      struct Row: Decodable {
        let part: String
        let contribution: Double
      }

      let qoi: Double
      let sum: Double
      let rows: [Row]
    }
    let intact: Found = try jsonResult("\(Self.pair)\ncontributions")
    let ablated = "ablate L3H0 L4.mlp[7]\ncontributions of=neurons"
    for call in ["contributions", "contributions of=neurons", ablated] {
      let found: Found = try jsonResult("\(Self.pair)\n\(call)")
      #expect(abs(found.sum - found.qoi) < 5e-5 * max(1, abs(found.qoi)))
      #expect(abs(found.rows.reduce(0) { $0 + $1.contribution } - found.qoi) < 1e-4)
      // What is replaced by zeros adds nothing, and the biases of attention are what they were along the same direction.
      guard call == ablated else { continue }
      for part in ["L3H0", "L4.mlp[7]"] { #expect(found.rows.first { $0.part == part }?.contribution == 0) }
    }
    // The remainder holds biases alone: it does not depend on the text but for the scale of the norm.
    let biases = try #require(intact.rows.first { $0.part == "attention biases" })
    #expect(abs(biases.contribution) < 1)
  }

  @Test(arguments: [
    ("load \"demo\"\nattribute edges on=sva_obj", "residual-edges-undefined"),
    ("load \"demo\"\nattribute heads on=sva_obj method=relp by=baseline", "score-model"),
    ("load \"demo\"\nattribute heads on=sva_obj method=eap", "score-method"),
    ("load \"demo-gpt2\"\nattribute edges on=ioi by=zero", "score-end"),
    ("load \"demo-gpt2\"\nattribute heads on=ioi points=5", "ignored-option"),
    ("load \"demo-gpt2\"\ncircuit ioi", "circuit-size"),
    ("load \"demo-gpt2\"\ncircuit ioi edges=5 threshold=1", "circuit-size"),
    ("load \"demo-gpt2\"\nsweep edges on=ioi", "sweep-edges"),
    ("load \"demo-gpt2\"\nexperiment faithfulness on=ioi", "missing-argument"),
    ("\(pair)\npatch \"L3H0 -> L2H0.q\"", "circuit-edge"),
    ("\(pair)\npatch \"L1H0 -> out\" L2H0", "edges-and-nodes"),
    ("\(pair)\npatch \"L1H0 -> out\"\nshow L2H0", "residual-edges-active"),
    ("\(pair)\npatch \"L1H0 -> out\"\ninfluence", "residual-edges-active"),
    ("\(pair)\npatch \"L1H0 -> out\"\nattribute edges", "residual-edges-active"),
    ("\(pair)\npatch \"L1H0 -> out\"\nablate L2H0\nforward", "residual-edges-under-interventions"),
    (
      "load \"demo-gpt2\"\ntext \"The keys\"\nqoi are - is\npatch \"L1H0 -> out\"\nforward",
      "intervention-counterfactual"
    ),
    ("load \"demo\"\ntext \"the [MASK] .\"\nqoi is - are\ncontributions", "contributions-undefined"),
    ("\(pair)\nablate L1.attn\ncontributions", "contributions-undefined"),
    ("\(pair)\npatch [\"L3H0 -> out\", L1H0]", "edges-and-nodes"),
    ("\(pair)\ncompare attribute(heads) attribute(mlps)", "compare-nothing"),
    ("\(pair)\nlet a = attribute(edges)\nload \"demo\"\ncircuit(a, edges=20)", "circuit-model"),
    ("load \"demo-gpt2\"\ngenerate \"The\" temperature=0 top=5", "ignored-option"),
    ("load \"demo-gpt2\"\ntext \"The keys\"\nqoi prob[are]\ncontributions", "contributions-undefined"),
  ])
  func whatIsNotDefinedSaysSo(_ script: String, _ code: String) throws {
    let shell = try TestShell()
    do {
      try shell.run(script)
      Issue.record("no error")
    } catch let diagnostic as Diagnostic {
      #expect(diagnostic.code == code)
    }
  }

  /// Encoders have the scores that need no residual edges, and a lens.
  @Test func encodersHaveScoresAndALens() throws {
    let setting = """
      load "demo"
      text "the author that the guards like [MASK] young ." counterfactual="the authors that the guards like [MASK] young ."
      qoi is - are
      """
    let compared: Comparison = try jsonResult(
      "\(setting)\ncompare attribute(heads) sweep(heads, by=counterfactual)")
    #expect(compared.count == 72 && compared.rank_correlation > 0.8)
    struct Lens: Decodable {
      let rows: [String]
      let best: [[String]]
      let qoi: [[Double]]
    }
    let lens: Lens = try jsonResult("\(setting)\nlens")
    let last: Double = try jsonResult("\(setting)\nforward(top=1).qoi")
    #expect(lens.rows == ["embed"] + (0..<6).map { "L\($0)" })
    #expect(abs(try #require(lens.qoi.last)[7] - last) < 1e-4)
  }
}
