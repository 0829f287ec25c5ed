import Transformers
import Testing

@Suite struct SiteTests {
  @Test func namesReadBack() {
    let sites = Site.all(in: TransformerConfiguration(layers: 11))
    for site in sites { #expect(Site(name: site.name) == site, "\(site.name)") }
    #expect(Set(sites.map(\.name)).count == sites.count)
    #expect(Site(.pattern, layer: 3).name == "L3.pattern")
    #expect(Site(.classLogits).name == "class_logits")
  }

  @Test(arguments: [
    "", "L3", "pattern", "L3.embed", "embed.", "L.q", "L-1.q", "L+1.q", "L03.q", "l3.q", "L3.pattern.x",
    "L3 .q",
  ])
  func otherNamesAreNone(_ name: String) {
    #expect(Site(name: name) == nil)
  }

  @Test func shapesFollowTheSizes() {
    var configuration = TransformerConfiguration(
      layers: 1, hidden: 6, heads: 4, intermediate: 7, vocabulary: 11, labels: ["a", "b", "c", "d"])
    (configuration.statedKeyHeads, configuration.statedHeadSize) = (2, 3)
    let expected: [Site.Kind: [Int]] = [
      .embed: [4, 5, 6], .residPre: [4, 5, 6], .attnIn: [4, 5, 6], .qRaw: [4, 5, 4, 3],
      .kRaw: [4, 5, 2, 3], .q: [4, 5, 4, 3], .k: [4, 5, 2, 3], .v: [4, 5, 2, 3], .scores: [4, 4, 5, 5],
      .pattern: [4, 4, 5, 5], .z: [4, 5, 4, 3], .attnOut: [4, 5, 6], .residMidRaw: [4, 5, 6],
      .residMid: [4, 5, 6], .mlpIn: [4, 5, 6], .mlpPre: [4, 5, 7], .mlpGate: [4, 5, 7],
      .mlpUp: [4, 5, 7], .mlpPost: [4, 5, 7], .mlpOut: [4, 5, 6], .residPostRaw: [4, 5, 6],
      .residPost: [4, 5, 6], .final: [4, 5, 6], .pooled: [4, 6], .logits: [4, 5, 11],
      .classLogits: [4, 4],
    ]
    #expect(expected.count == Site.Kind.allCases.count)
    for (kind, shape) in expected {
      let site = Site(kind, layer: kind.isPerLayer ? 0 : nil)
      #expect(site.shape(in: configuration, rows: 4, length: 5) == shape, "\(site.name)")
    }
  }
}
