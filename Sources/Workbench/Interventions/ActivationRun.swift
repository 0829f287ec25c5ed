import Attribution
import Transformers
import Language
import Tensors

extension ActivationRun {
  /// Of the intact network, within the session's memory.
  init(_ model: LoadedModel, sites: Set<Site>, in bench: Bench) throws {
    self.init(
      model: try model.transformer, sites: sites, memoryBudget: bench.session.workingMemory,
      execution: bench.execution, check: bench.session.checkInterruption)
  }
}

extension Bench {
  /// Means over texts in the intact network.
  func means(of sites: Set<Site>, over texts: [EncodedText], _ model: LoadedModel) throws -> ActivationMeans {
    var sums = ActivationMeans()
    defer { session.clearProgress() }
    try ActivationRun(model, sites: sites, in: self).each(
      texts.map { $0.sequence(model) },
      progress: { session.showProgress("means", done: Double($0), of: texts.count) }
    ) { sums.add($1, length: texts[$0].count) }
    return sums
  }
}

extension EncodedText {
  /// - Parameter baseline: whose words to start from instead of the text's own.
  func sequence(_ model: LoadedModel, _ baseline: BaselineText? = nil) -> ActivationRun.Sequence {
    ActivationRun.Sequence(
      ids: encoding.ids, types: encoding.types,
      words: baseline.map { baseline in
        { try baseline.resolve(model, self).words(for: encoding.ids, in: model.transformer) }
      })
  }
}
