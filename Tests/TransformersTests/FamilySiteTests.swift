import FamilyFixtures
import Tensors
import Testing
import Transformers

/// Every site of every family against transformers in float64, and those that a family does not have.
@Suite struct FamilySiteTests {
  static let tolerance = 5e-5

  @Test func thereAreFixtures() throws {
    #expect(FamilyFixture.all.count == FamilyFixture.names.count)
    #expect(FamilyFixture.names.count == 44 && FamilyFixture.full.count == 22)
    var families: Set<Family> = []
    for name in FamilyFixture.full {
      families.insert(try FamilyFixture.load(name).model.configuration.family)
    }
    #expect(families == Set(Family.allCases))
  }

  private func sites(of model: Transformer) -> [Site] {
    Site.all(in: model.configuration).filter { site in
      switch site.kind {
      case .logits: model.hasLanguageHead
      case .classLogits: model.hasClassifier
      case .pooled: model.hasPooler
      default: true
      }
    }
  }

  @Test(arguments: FamilyFixture.names) func everySite(_ name: String) throws {
    let (model, fixture) = try FamilyFixture.load(name)
    let found = try model.forward(
      single(fixture.ids[0]), ForwardRequest(capture: Set(sites(of: model))), check: {}
    ).activations
    var worst = (difference: 0.0, site: "")
    func compare(_ site: Site, _ expected: Numbers) {
      let difference = relativeDifference(found[site]?[0], expected.tensor)
      #expect(difference <= Self.tolerance, "\(name) \(site.name): \(difference)")
      if difference > worst.difference { worst = (difference, site.name) }
    }
    compare(Site(.embed), fixture.sites.embed)
    if let final = fixture.sites.final { compare(Site(.final), final) }
    if let pooled = fixture.sites.pooled { compare(Site(.pooled), pooled) }
    var compared: Set<Site> = []
    for (layer, expected) in fixture.sites.layers {
      let layer = try #require(Int(layer))
      func numbers(_ kind: String) throws -> Numbers {
        switch try #require(expected[kind]) {
        case .numbers(let numbers): return numbers
        case .same("embed"): return fixture.sites.embed
        case .same(let other): return try numbers(other)
        }
      }
      for (kind, value) in expected {
        let site = try #require(Site(name: "L\(layer).\(kind)"))
        if model.configuration.blocks.has(site.kind) {
          compare(site, try numbers(kind))
          compared.insert(site)
        } else {
          // What the model does not have is, as it says, another site.
          guard case .same = value else {
            Issue.record("\(name) has no \(site.name), but transformers has")
            continue
          }
        }
      }
      guard fixture.isFull else { continue }
      let own = sites(of: model).filter { $0.layer == layer }
      #expect(own.allSatisfy(compared.contains), "\(name): all sites of layer \(layer) are compared")
    }
    print("sites \(name): maximum \(worst.difference) at \(worst.site)")
  }

  /// Keys and values have fewer heads where queries share them.
  @Test(arguments: FamilyFixture.full) func shapesAreAsDescribed(_ name: String) throws {
    let (model, fixture) = try FamilyFixture.load(name)
    let all = sites(of: model)
    let found = try model.forward(
      padded(fixture.ids, .right, with: 0), ForwardRequest(capture: Set(all)), check: {}
    ).activations
    #expect(Set(found.keys) == Set(all))
    for site in all {
      #expect(found[site]?.shape == site.shape(in: model.configuration, rows: 2, length: 6), "\(site.name)")
    }
  }

  /// Memory that steps share is not overwritten before it is read. Products of fewer rows round differently.
  @Test(arguments: FamilyFixture.full) func capturingASiteDoesNotDependOnTheOthers(_ name: String) throws {
    let (model, fixture) = try FamilyFixture.load(name)
    let (all, batch) = (sites(of: model), padded(fixture.ids, .left, with: 0))
    let together = try model.forward(batch, ForwardRequest(capture: Set(all)), check: {}).activations
    for site in all {
      let alone = try model.forward(batch, ForwardRequest(capture: [site]), check: {}).activations
      #expect(Set(alone.keys) == [site])
      let difference = relativeDifference(alone[site], try #require(together[site]))
      #expect(difference < 1e-5, "\(name) \(site.name): \(difference)")
    }
  }

  @Test(arguments: FamilyFixture.full) func sitesThatAFamilyLacksAreRefused(_ name: String) throws {
    let (model, fixture) = try FamilyFixture.load(name)
    let kinds = Site.Kind.allCases.filter { !model.configuration.blocks.has($0) }
    #expect(!kinds.isEmpty)
    for kind in kinds {
      let site = Site(kind, layer: kind.isPerLayer ? 0 : nil)
      let fault = try #require(throws: SiteFault.self) {
        try model.forward(single(fixture.ids[0]), ForwardRequest(capture: [site]), check: {})
      }
      #expect(fault.site == site.name && fault.family == model.configuration.family.rawValue)
    }
  }

  @Test(arguments: [
    ("bert", "L0.attn_in", "BERT has no L0.attn_in: its norms come after the sums"),
    ("electra", "L1.mlp_in", "ELECTRA has no L1.mlp_in: its norms come after the sums"),
    ("albert", "final", "ALBERT has no final: its norms come after the sums"),
    (
      "distilbert", "L0.q_raw",
      "DistilBERT has no L0.q_raw: its queries and keys are not changed on the way: q and k are they"
    ),
    (
      "gpt2", "L1.k_raw",
      "GPT-2 has no L1.k_raw: its queries and keys are not changed on the way: q and k are they"
    ),
    ("gpt_neo", "L0.resid_mid_raw", "GPT-Neo has no L0.resid_mid_raw: its norms come before the branches"),
    ("qwen2", "L0.resid_post_raw", "Qwen2 has no L0.resid_post_raw: its norms come before the branches"),
    (
      "gpt_neox_parallel", "L0.resid_mid",
      "GPT-NeoX has no L0.resid_mid: its two branches run in parallel"
    ),
    (
      "gemma2", "L0.mlp_pre",
      "Gemma 2 has no L0.mlp_pre: its feed-forward branch has a gate: see mlp_gate and mlp_up"
    ),
    ("roberta", "L0.mlp_up", "RoBERTa has no L0.mlp_up: its feed-forward branch has no gate: see mlp_pre"),
    (
      "gpt_neox_sequential", "L0.mlp_gate",
      "GPT-NeoX has no L0.mlp_gate: its feed-forward branch has no gate: see mlp_pre"
    ),
  ])
  func reasonsAreSaid(_ name: String, _ site: String, _ message: String) throws {
    let (model, fixture) = try FamilyFixture.load(name)
    let site = try #require(Site(name: site))
    let fault = try #require(throws: SiteFault.self) {
      try model.forward(single(fixture.ids[0]), ForwardRequest(capture: [site]), check: {})
    }
    #expect(fault.message == message && fault.code == "site-not-there")
  }
}
