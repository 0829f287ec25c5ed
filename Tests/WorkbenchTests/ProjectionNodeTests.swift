import Foundation
import Testing

/// Queries, keys and values of heads as nodes: `L3H7.q@5`.
@Suite struct ProjectionNodeTests {
  private static let pair = """
    load "demo-gpt2"
    text "When Mary and John went to the store, John gave a drink to" counterfactual="When Mary and John went to the store, Peter gave a drink to"
    qoi Mary - John

    """

  private struct Rows: Decodable {
    struct Row: Decodable {
      let node: String
      let score: Double?
      let delta_qoi: Double?
    }

    let kind: String
    let rows: [Row]
  }

  private struct Shown: Decodable {
    /// (n, dh) or (dh)
    struct Numbers: Decodable {
      let all: [Double]

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        all = try (try? container.decode([Double].self)) ?? container.decode([[Double]].self).flatMap(\.self)
      }
    }

    let shape: [Int]
    private let numbers: Numbers

    private enum CodingKeys: String, CodingKey {
      case shape
      case numbers = "data"
    }

    var data: [Double] { numbers.all }
  }

  private struct Comparison: Decodable {
    let rank_correlation: Double
    let count: Int
  }

  private func close(_ x: Double, _ y: Double) -> Bool { abs(x - y) < 5e-5 }

  /// Without a query a head reads all positions alike; without its values its context is 0.
  @Test func whatIsReplacedActsOnWhatIsComputedFromIt() throws {
    let plain = try quantity(agreementSession + "forward")
    let uniform: [[Double]] = try jsonResult(agreementSession + "ablate L3H5.q; let p = L3.pattern; p[5]")
    #expect(uniform.count == 11)
    #expect(uniform.joined().allSatisfy { abs($0 - 1 / 11) < 1e-6 })
    #expect(try quantity(agreementSession + "ablate L3H5.q; forward") != plain)
    #expect(
      close(
        try quantity(agreementSession + "ablate L3H5.v; forward"),
        try quantity(agreementSession + "ablate L3H5; forward")
      ))
    #expect(
      close(
        try quantity(agreementSession + "ablate L3H*.v; forward"),
        try quantity(agreementSession + "ablate L3H*; forward")
      ))
    // Keys of 0 give scores of 0, as queries of 0 do.
    #expect(
      close(
        try quantity(agreementSession + "ablate L3H5.k; forward"),
        try quantity(agreementSession + "ablate L3H5.q; forward")))
    #expect(
      try quantity(agreementSession + "ablate L3H5.q@2 L3H5.v@4 by=mean on=sva_obj rows=5; forward") != plain)
    #expect(try quantity(agreementSession + "with ablate(L3H5.q) { forward }\nforward") == plain)
  }

  /// The value that stands there is what is read, named alone or as a part of its tensor.
  @Test func valuesAreLookedAt() throws {
    for (node, part) in [("L3H5.q@2", "L3.q[2, 5]"), ("L3H5.k", "L3.k[:, 5]"), ("L3H5.v@10", "L3.v[10, 5]")] {
      for before in ["", "ablate L3H5.q L3H5.v@10\n"] {
        let own: Shown = try jsonResult(agreementSession + before + "show \(node)")
        let expected: Shown = try jsonResult(agreementSession + before + "show \(part)")
        #expect(own.shape == expected.shape && own.data == expected.data, "\(node)")
        if node != "L3H5.k" { #expect(own.data.allSatisfy { $0 == 0 } == !before.isEmpty) }
      }
    }
    let shell = try TestShell()
    try shell.run(agreementSession)
    #expect(try shell.run("print L3H0-1.k@{2, 4}").contains("L3H0.k@2 L3H0.k@4 L3H1.k@2 L3H1.k@4"))
    #expect(shell.failure("ablate L3H12.q").contains("head 12 is out of range 0...11"))
    #expect(shell.failure("ablate L3H12.k").contains("key head 12 is out of range 0...11"))
    #expect(shell.failure("ablate L3H5.z").contains("write `ablate L3H5`"))
    #expect(shell.failure("keep L3H5.q").contains("L3H5.q"))
  }

  /// A row of a sweep is the patch of that node; to the counterfactual's queries, keys and values together the heads' contexts
  /// follow.
  @Test func sweepsAreInterventions() throws {
    let plain = try quantity(Self.pair + "forward")
    for kind in ["queries", "keys", "values"] {
      let sweep: Rows = try jsonResult(Self.pair + "sweep \(kind) by=counterfactual layers=1..2")
      #expect(sweep.kind == kind && sweep.rows.count == 12)
      for index in [0, 5, 11] {
        let row = sweep.rows[index]
        let patched = try quantity(Self.pair + "patch \(row.node); forward")
        #expect(close(patched - plain, try #require(row.delta_qoi)), "\(row.node)")
      }
      #expect(sweep.rows.contains { abs($0.delta_qoi ?? 0) > 1e-3 }, "\(kind)")
    }
    let heads = try quantity(Self.pair + "patch L1H*; forward")
    #expect(close(try quantity(Self.pair + "patch L1H*.q; patch L1H*.k; patch L1H*.v; forward"), heads))
    let some: Rows = try jsonResult(Self.pair + "sweep nodes nodes=L2H*.v@9 by=counterfactual")
    #expect(some.rows.map(\.node) == (0..<6).map { "L2H\($0).v@9" })
  }

  /// Scores are first-order estimates of what sweeps measure, AtP* of queries and keys better ones.
  @Test(arguments: [("queries", "atp-star"), ("keys", "atp-star"), ("values", "atp")])
  func scoresStandBesideTheirEffects(kind: String, method: String) throws {
    let call = "compare attribute(\(kind), method=\(method)) sweep(\(kind), by=counterfactual)"
    let compared: Comparison = try jsonResult(Self.pair + call)
    #expect(compared.count == 36 && compared.rank_correlation > 0.9, "\(compared.rank_correlation)")
    let nodes: Rows = try jsonResult(Self.pair + "attribute nodes nodes=L1H2.v@{8, 9}")
    let whole: Rows = try jsonResult(Self.pair + "attribute values layers=1")
    let sum = nodes.rows.reduce(0) { $0 + ($1.score ?? 0) }
    // What the two texts have in common before they part has no score.
    #expect(nodes.rows.map(\.node) == ["L1H2.v@8", "L1H2.v@9"] && sum.isFinite && whole.rows.count == 6)
  }
}
