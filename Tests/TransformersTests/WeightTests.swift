import ExactText
import Transformers
import Faults
import Tensors
import Testing

@Suite struct WeightTests {
  private let request = ForwardRequest(
    capture: [Site(.residPost, layer: 1)], wordPositions: [(0, 2)], classify: true)

  private func run(_ weights: some WeightSource) throws -> ForwardResult {
    let model = try Transformer(configuration: oddConfiguration, weights: weights)
    return try model.forward(TokenBatch(sequences: [sequence(6)], padToken: 0), request, check: {})
  }

  private func expectSame(_ weights: some WeightSource) throws {
    let (expected, found) = (try run(randomWeights()), try run(weights))
    #expect(found.activations == expected.activations)
    #expect(found.wordLogits == expected.wordLogits)
    #expect(found.classLogits == expected.classLogits)
  }

  @Test func theEncoderMayStandWithoutAPrefix() throws {
    try expectSame(
      try NamedWeights(randomWeights()).renamed { $0.hasPrefix("bert.") ? String($0.dropFirst(5)) : $0 })
  }

  @Test func layerNormsMayBeGammaAndBeta() throws {
    try expectSame(
      try NamedWeights(randomWeights()).renamed { name in
        guard name.contains("LayerNorm") else { return name }
        return name.hasSuffix(".weight") ? name.dropLast(6) + "gamma" : name.dropLast(4) + "beta"
      })
  }

  @Test func theDecoderBiasMayStandUnderTheDecoder() throws {
    try expectSame(
      try NamedWeights(randomWeights()).renamed {
        $0 == "cls.predictions.bias" ? "cls.predictions.decoder.bias" : $0
      })
  }

  @Test func anUntiedDecoderIsUsed() throws {
    var weights = try NamedWeights(randomWeights())
    weights.tensors["cls.predictions.decoder.weight"] = Tensor(shape: [37, 30], repeating: 0)
    let logits = try #require(try run(weights).wordLogits)
    #expect(logits[0] == weights.tensors["cls.predictions.bias"])
  }

  @Test func headsAreThoseOfTheCheckpoint() throws {
    let all = try NamedWeights(randomWeights())
    #expect(try Transformer(configuration: oddConfiguration, weights: all).hasLanguageHead)
    var some = all
    some.tensors = all.tensors.filter { !$0.key.hasPrefix("cls.") && !$0.key.hasPrefix("classifier.") }
    let model = try Transformer(configuration: oddConfiguration, weights: some)
    #expect(!model.hasLanguageHead && !model.hasClassifier && model.hasPooler)
  }

  private func message(
    _ architecture: Architecture? = nil, _ change: (inout [String: Tensor]) -> Void
  ) throws -> (String, String?) {
    var configuration = oddConfiguration
    configuration.architectures = architecture.map { [$0] } ?? []
    var weights = try NamedWeights(randomWeights())
    change(&weights.tensors)
    let fault = try #require(throws: TransformerFault.self) {
      try Transformer(configuration: configuration, weights: weights)
    }
    return (fault.message, fault.remedy)
  }

  @Test func missingTensors() throws {
    let name = "bert.encoder.layer.1.output.dense.weight"
    let (message, remedy) = try message {
      $0["bert.encoder.layer.1.output.dense.wieght"] = $0.removeValue(forKey: name)
    }
    #expect(message == "the checkpoint has no tensor \"\(name)\" (expected shape (30, 50))")
    #expect(remedy == "did you mean \"bert.encoder.layer.1.output.dense.wieght\"?")
  }

  @Test func aClassifierNeedsThePooler() throws {
    let (found, remedy) = try message { $0["bert.pooler.dense.weight"] = nil }
    #expect(
      found == "the checkpoint has a classifier, but there is no tensor \"bert.pooler.dense.weight\", "
        + "which a classifier of texts reads")
    #expect(remedy?.contains("[\"BertForTokenClassification\"]") == true)
    let (stated, _) = try message(.sentenceClassifier) { $0["bert.pooler.dense.weight"] = nil }
    #expect(
      stated == "config.json names BertForSequenceClassification, but there is no tensor "
        + "\"bert.pooler.dense.weight\", which a classifier of texts reads")
  }

  /// Whatever the checkpoint has, a classifier of tokens is never taken for one of texts.
  @Test(
    arguments: [
      ([], true), ([.sentenceClassifier], true), ([.words, .sentenceClassifier], true),
      ([.tokenClassifier], false), ([.multipleChoice], false),
      ([Architecture(name: "BertForJointTasks")], false),
      ([.words], false),
    ] as [([Architecture], Bool)])
  func classifiersAreReadByArchitecture(_ architectures: [Architecture], _ isRead: Bool) throws {
    var configuration = oddConfiguration
    configuration.architectures = architectures
    let model = try Transformer(configuration: configuration, weights: randomWeights())
    #expect(model.hasClassifier == isRead)
    #expect(model.hasPooler && model.hasLanguageHead)
  }

  @Test func aTokenClassifierNeedsNoPooler() throws {
    var configuration = oddConfiguration
    configuration.architectures = [.tokenClassifier]
    var weights = try NamedWeights(randomWeights())
    weights.tensors = weights.tensors.filter { !$0.key.contains("pooler") }
    let model = try Transformer(configuration: configuration, weights: weights)
    #expect(!model.hasClassifier && !model.hasPooler)
    #expect(Architecture.tokenClassifier.uncomputedHead == "classifier.*")
  }

  /// Without `model_type` and `architectures` the names of the weights say what the model is.
  @Test func weightsOfAnotherModelAreRefusedByName() throws {
    let names = try randomWeights().names
    func family(_ names: [String]) throws -> Family {
      try decode("{\"hidden_size\": 30, \"num_attention_heads\": 3}", weights: names).family
    }
    #expect(try family(names) == .bert)
    #expect(try family(names.map { $0.hasPrefix("bert.") ? String($0.dropFirst(5)) : $0 }) == .bert)
    let others = names.map { $0.hasPrefix("bert.") ? "roberta." + $0.dropFirst(5) : $0 }
    #expect(try family(others) == .roberta)
    let qwen =
      ["model.embed_tokens.weight"] + ["weight", "bias"].map { "model.layers.0.self_attn.q_proj.\($0)" }
    #expect(try family(qwen) == .qwen2)
    #expect(try family(Array(qwen.dropLast())) == .llama)
    let fault = try #require(throws: TransformerFault.self) {
      try family(names.map { "other." + $0 })
    }
    #expect(
      fault.message
        == "config.json says neither model_type nor architectures, and the names of the tensors are those of "
        + "no family, e.g. \"other.bert.embeddings.LayerNorm.bias\"")
  }

  @Test func wrongShapes() throws {
    let (message, _) = try message { $0["classifier.bias"] = Tensor(shape: [2], repeating: 0) }
    #expect(
      message == "tensor \"classifier.bias\" has shape (2,), expected (3,) from config.json")
  }

  @Test func vocabulariesOfAnotherSize() throws {
    let (message, _) = try message {
      $0["bert.embeddings.word_embeddings.weight"] = Tensor(shape: [36, 30], repeating: 0)
    }
    #expect(message == "config.json says vocab_size 37, but the checkpoint has 36 word embeddings")
  }

  @Test func randomWeightsDependOnSeedAndName() throws {
    let name = "bert.encoder.layer.0.output.dense.weight"
    let first = try randomWeights().tensor(named: name)
    #expect(first == (try randomWeights().tensor(named: name)))
    #expect(first != (try randomWeights().tensor(named: "bert.encoder.layer.1.output.dense.weight")))
    let other = try RandomWeights(
      configuration: oddConfiguration, seed: 8, words: true, classifier: true, deviation: 0.25)
    #expect(first != (try other.tensor(named: name)))
    let statistics = try first.statistics()
    #expect(abs(try #require(statistics.mean)) < 0.02)
    #expect(abs(try #require(statistics.standardDeviation) - 0.25) < 0.02)
  }
}
