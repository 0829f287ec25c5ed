import Attribution
import Checkpoints
import FixtureFiles
import Tensors
import Testing
import Transformers

@testable import Measurement

/// Experiments on a causal model of parallel blocks, at all levels.
@Suite struct CausalExperimentTests {
  private static func context() throws -> ExperimentContext {
    let folder = try ModelFolder(path: FixtureFiles.folder.appending(path: "families/gpt_neox_parallel").path)
    let configuration = try folder.decode(TransformerConfiguration.self, from: "config.json")
    let model = try Transformer(
      configuration: configuration, weights: CheckpointWeights(checkpoint: folder.checkpoint))
    let rows = (0..<2).map { index in
      ExperimentRow(
        ids: (0..<6).map { Int32(5 + index * 11 + $0 * 7) }, types: Array(repeating: 0, count: 6), target: 4,
        quantity: QuantityOfInterest(terms: [
          .init(coefficient: 1, readout: .logit, output: .token(30 + index))
        ]), baseline: Baseline(.token(0)))
    }
    return ExperimentCases.context(rows, model: model, level: .feedForward)
  }

  @Test func whatStandsBehindTheTargetIsNoPartOfAnything() throws {
    let context = try Self.context()
    #expect(context.model.configuration.isCausal && context.model.configuration.blocks.isParallel)
    let findings = try PatternExperiment().run(in: context)
    for finding in findings {
      #expect(finding.words.map(\.position) == [0, 1, 2, 3, 4])
      #expect(PatternFinding(numbers: finding.numbers) == finding)
      for word in finding.words {
        let steps = try #require(word.feedForward).steps
        #expect(zip(word.choices, steps).allSatisfy { ($0 < 0) == ($1 != nil) })
        #expect(zip(word.nodes, word.nodes.dropFirst()).allSatisfy { $0 <= $1 })
      }
    }
    let share = PathShareSummary(findings, context.model.configuration)
    #expect(share.words == 10)
    let third = try #require(share.feedForward)
    #expect(third.mean <= share.attention.mean && share.attention.mean <= share.embedding.mean)
  }

  @Test func patternsBesideOthersThatLeadToTheTarget() throws {
    let context = try Self.context()
    let found = try OptimalityExperiment(samples: 30, levels: PatternLevel.allCases).run(in: context)
    for finding in found {
      #expect(finding.ranks.count == 3 && finding.ranks.joined().allSatisfy { 0...1 ~= $0 })
      #expect(OptimalityFinding(numbers: finding.numbers) == finding)
    }
    let variants = AblationVariant.all(levels: PatternLevel.allCases)
    for finding in try AblationExperiment(variants: variants).run(in: context) {
      #expect(finding.variants.allSatisfy { $0.outcome.value.isFinite })
      for (variant, found) in zip(variants, finding.variants) {
        #expect((found.keptFeedForward < 1) == (variant.level == .feedForward))
      }
      let random = zip(variants, finding.variants).filter { $0.0.source == .random }.map(\.1.keptHidden)
      let patterns = zip(variants, finding.variants).filter { $0.0.source == .patterns }.map(\.1.keptHidden)
      #expect(random == patterns)
    }
  }
}

private struct CheckpointWeights: WeightSource {
  let checkpoint: Checkpoint

  var names: [String] { checkpoint.names }
  func shape(of name: String) -> [Int]? { checkpoint.shape(of: name) }
  func tensor(named name: String) throws -> Tensor { try checkpoint.tensor(named: name) }
}
