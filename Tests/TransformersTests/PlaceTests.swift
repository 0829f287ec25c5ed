import Transformers
import Testing

/// Addresses of nodes: how rows and layers meet, and which numbers there are.
@Suite struct PlaceTests {
  private let configuration = TransformerConfiguration(
    layers: 3, hidden: 8, heads: 2, intermediate: 5, vocabulary: 11, maxPositions: 7)

  /// h^0 is the embedding, h^(l+1) the output of block l, and block l reads h^l.
  @Test func rowsAreThoseOfThePaper() {
    #expect((0...3).map { Node.hidden(row: $0, position: 4).name } == ["embed@4", "L0@4", "L1@4", "L2@4"])
    for row in 0...3 { #expect(Node.hidden(row: row).row == row) }
    #expect(
      (0...3).map { Site.hidden(row: $0).name } == [
        "embed", "L0.resid_post", "L1.resid_post", "L2.resid_post",
      ])
    let others = [Node.head(layer: 1, head: 0), .skip(layer: 1), Node(layer: 1, component: .feedForward)]
    #expect(others.allSatisfy { $0.row == nil })
    #expect(others.map(\.name) == ["L1H0", "L1.skip", "L1.mlp"])
  }

  @Test func numbersAreCheckedAgainstModelAndText() {
    let (model, text) = (PlaceBounds(configuration), PlaceBounds(configuration, length: 4))
    #expect(PlaceBounds.Part.allCases.map(text.count) == [3, 2, 5, 4, 2])
    #expect(model.count(.position) == 7)
    let there: [Node] = [
      .hidden(row: 0), .hidden(row: 3, position: 3), .head(layer: 2, head: 1, position: 0),
      Node(layer: 0, component: .neuron(4)),
    ]
    #expect(there.allSatisfy { text.contains($0) && model.contains($0) })
    let missing: [(Node, PlaceBounds.Part, Int)] = [
      (.hidden(row: 4), .layer, 3), (.hidden(row: -1), .layer, -2), (.head(layer: 0, head: 2), .head, 2),
      (.head(layer: 0, head: -1), .head, -1), (Node(layer: 0, component: .neuron(5)), .neuron, 5),
      (.skip(layer: 1, position: 4), .position, 4), (.hidden(row: 1, position: -1), .position, -1),
    ]
    for (node, part, number) in missing {
      #expect(throws: PlaceFault(place: node.name, part: part, number: number, count: text.count(part))) {
        try text.check(node)
      }
    }
    #expect(model.contains(.skip(layer: 1, position: 6)) && !model.contains(.skip(layer: 1, position: 7)))
    #expect(throws: PlaceFault(place: "L3.q", part: .layer, number: 3, count: 3)) {
      try model.check(Site(.q, layer: 3))
    }
  }

  @Test func namesOfOtherLibraries() {
    let plain = BlockKind()
    #expect(Alias("2.5", in: plain) == .node(.head(layer: 2, head: 5)))
    #expect(Alias("a2.h5", in: plain) == Alias("2.5", in: plain))
    #expect(Alias("blocks.3.attn.hook_pattern", in: plain) == .site(Site(.pattern, layer: 3)))
    #expect(Alias("2.x", in: plain) == nil && !Alias.isAlias("2.x") && Alias.isAlias("2.5"))
  }

  /// `hook_q` is what the projection gives, `hook_rot_q` what is left of it after the rotation.
  @Test func hooksOfQueriesAndKeys() throws {
    func meaning(_ hook: String, _ blocks: BlockKind) -> Alias? { Alias("blocks.1.\(hook)", in: blocks) }
    var rotary = BlockKind()
    (rotary.order, rotary.isGated) = (.preNorm, true)
    rotary.rotaries = [Rotary(width: 4)]
    #expect(meaning("attn.hook_q", rotary) == .site(Site(.qRaw, layer: 1)))
    #expect(meaning("attn.hook_k", rotary) == .site(Site(.kRaw, layer: 1)))
    #expect(meaning("attn.hook_rot_q", rotary) == .site(Site(.q, layer: 1)))
    #expect(meaning("attn.hook_rot_k", rotary) == .site(Site(.k, layer: 1)))
    #expect(meaning("mlp.hook_pre", rotary) == .site(Site(.mlpGate, layer: 1)))
    #expect(meaning("hook_resid_mid", rotary) == .site(Site(.residMid, layer: 1)))
    let plain = BlockKind()
    #expect(meaning("attn.hook_q", plain) == .site(Site(.q, layer: 1)))
    #expect(meaning("attn.hook_rot_k", plain) == .unrotated(instead: Site(.k, layer: 1)))
    #expect(meaning("mlp.hook_pre", plain) == .site(Site(.mlpPre, layer: 1)))
    let both = [Site(.residMidRaw, layer: 1), Site(.residMid, layer: 1)]
    #expect(meaning("hook_resid_mid", plain) == .ambiguous(choices: both))
  }
}
