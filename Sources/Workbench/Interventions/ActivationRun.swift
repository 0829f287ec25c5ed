import Attribution
import Transformers
import Language
import Tensors

extension ActivationRun {
  /// Of the intact network, within the session's memory.
  init(_ model: LoadedModel, sites: Set<Site>, in bench: Bench) {
    self.init(
      model: model.transformer, sites: sites, memoryBudget: bench.session.workingMemory,
      execution: bench.execution, check: bench.session.checkInterruption)
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
