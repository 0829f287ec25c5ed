import Transformers
import FixtureFiles
import Tensors
import Testing

/// Our activations against those of Hugging Face transformers, for every model, input and site.
@Suite struct FixtureTests {
  /// The bound on a difference. The references are float64 results, so it bounds our rounding alone. Where transformers
  /// itself is further off in float32, twice that bounds ours: kernels differ (resid_post of all-MiniLM-L6-v2: 3.1e-5 to
  /// 4.7e-5, transformers 5.1e-5 where the references were made and 1.1e-4 on another processor).
  static let tolerance: Float = 5e-5

  private static let minilm = "minilm"
  private static let embedded = Reference.names.filter { $0 != minilm }

  @Test(arguments: embedded) func everySite(of name: String) throws { try compareEverySite(name) }
  @Test(arguments: embedded) func headsAlone(of name: String) throws { try compareHeads(name) }

  @Test(.enabled(if: FixtureFiles.hasMiniLM, "all-MiniLM-L6-v2 is not in the cache: scripts/fetch-minilm"))
  func everySiteOfMiniLM() throws {
    try compareEverySite(Self.minilm)
    try compareHeads(Self.minilm)
  }

  private func compareEverySite(_ name: String) throws {
    let model = try loadFixtureModel(name)
    let reference = try Reference(name)
    var differences = Differences()
    for fixture in reference.about.cases {
      try compare(model, reference, fixture, &differences)
    }
    print(differences.report(name), terminator: "")
    expectSmall(differences, name, reference)
    #expect(differences.maxima.count >= 3)
  }

  /// What a request leaves out is not computed; what remains must be the same.
  private func compareHeads(_ name: String) throws {
    let model = try loadFixtureModel(name)
    let reference = try Reference(name)
    var differences = Differences()
    for fixture in reference.about.cases {
      var request = ForwardRequest()
      let sites = reference.sites(of: fixture)
      if sites.contains("logits") { request.wordPositions = fixture.wordPositions }
      request.classify = sites.contains("class_logits")
      let result = try model.forward(fixture.batch, request) {}
      for (site, tensor) in [("logits", result.wordLogits), ("class_logits", result.classLogits)]
      where sites.contains(site) {
        differences.add(site, tensor, try reference.tensor(site, of: fixture))
      }
    }
    expectSmall(differences, name, reference)
  }

  private func expectSmall(_ differences: Differences, _ name: String, _ reference: Reference) {
    for (kind, difference) in differences.maxima.sorted(by: { $0.key < $1.key }) {
      let theirs = reference.about.float32_difference[kind == "resid_pre" ? "resid_post" : kind] ?? 0
      #expect(difference <= max(Self.tolerance, theirs), "\(name) \(kind) differs by \(difference)")
    }
  }

  private func compare(
    _ model: Transformer, _ reference: Reference, _ fixture: Reference.Case, _ differences: inout Differences
  ) throws {
    let names = reference.sites(of: fixture)
    let captured = try names.filter { $0 != "logits" }.map { try #require(Site(name: $0), "\($0)") }
    var request = ForwardRequest(capture: Set(captured))
    if names.contains("logits") { request.wordPositions = fixture.wordPositions }
    request.classify = names.contains("class_logits")
    for layer in 0..<model.configuration.layers { request.capture.insert(Site(.residPre, layer: layer)) }

    let result = try model.forward(fixture.batch, request) {}
    for site in captured where site.kind != .scores {
      let expected = try reference.tensor(site.name, of: fixture)
      differences.add(site.kind.rawValue, result.activations[site], expected)
    }
    for site in captured where site.kind == .scores {
      let expected = try excludingPadding(reference.tensor(site.name, of: fixture), fixture)
      differences.add("scores", result.activations[site], expected)
    }
    for layer in 0..<model.configuration.layers {
      let input = layer == 0 ? "embed" : "L\(layer - 1).resid_post"
      let found = result.activations[Site(.residPre, layer: layer)]
      differences.add("resid_pre", found, try reference.tensor(input, of: fixture))
    }
    for (name, found) in [("logits", result.wordLogits), ("class_logits", result.classLogits)]
    where names.contains(name) {
      differences.add(name, found, try reference.tensor(name, of: fixture))
    }
  }

  /// (B, A, n, n) scores with those of padding keys replaced by -infinity, as the site defines them.
  private func excludingPadding(_ scores: Tensor, _ fixture: Reference.Case) -> Tensor {
    let (heads, length) = (scores.shape[1], scores.shape[3])
    let values = scores.values.enumerated().map { index, value in
      fixture.mask[index / (heads * length * length)][index % length] == 1 ? value : -.infinity
    }
    return Tensor(shape: scores.shape, values)
  }

  @Test func everyModelHasAReference() {
    let expected = [
      "bare-encoder", "bf16", "demo", "f16", "f64", "gelu-pytorch-tanh", "legacy-names", "minilm", "relu",
      "sharded", "three-classes", "tiny-cls", "tiny-mlm", "two-heads", "untied",
    ]
    #expect(Reference.names == expected)
  }

  @Test func labelsOfThreeClasses() throws {
    #expect(
      try loadFixtureModel("three-classes").configuration.labels == ["negative", "neutral", "positive"])
  }

  @Test func headsOfEachModel() throws {
    let both = try loadFixtureModel("two-heads")
    #expect(both.hasLanguageHead && both.hasPooler && both.hasClassifier)
    let bare = try loadFixtureModel("bare-encoder")
    #expect(!bare.hasLanguageHead && bare.hasPooler && !bare.hasClassifier)
  }
}
