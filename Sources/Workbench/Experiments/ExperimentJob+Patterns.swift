import Attribution
import ExactText
import Language

/// Patterns that are known already: they must be those that the experiment would find itself.
extension ExperimentJob {
  /// - Throws: ``ExperimentFault`` for patterns of other sentences, of another search, or without what experiments need.
  func sentencePatterns(_ set: PatternSet) throws -> [SentencePatterns] {
    if let reason = difference(of: set) { throw ExperimentFault.foreignPatterns(reason) }
    return try zip(task.rows, set.sentences).map { row, sentence in
      if let reason = difference(of: sentence, from: row) { throw ExperimentFault.foreignPatterns(reason) }
      return sentence.patterns
    }
  }

  /// nil when the set as a whole is the experiment's.
  private func difference(of set: PatternSet) -> String? {
    if set.modelName != model.name { return "they are of model \(set.modelName)" }
    if set.baseline != baseline.description(model) { return "their baseline is \(set.baseline)" }
    if set.interventions != bench.state.interventions.descriptions(on: model) {
      return "they were found under other interventions"
    }
    if set.sentences.count < task.rows.count {
      return "they are of \(set.sentences.count) sentences, not of \(task.rows.count)"
    }
    guard let search = set.search else { return "they do not tell how they were searched" }
    return search.difference(
      from: PatternSearch(options, model, interventions: bench.state.interventions))
  }

  private func difference(of sentence: PatternSet.Sentence, from row: PreparedRow) -> String? {
    guard sentence.tokens == row.text.encoding.tokens, sentence.quantity == row.quantityName else {
      return "they are of other sentences, the first: \(sentence.tokens.joined(separator: " "))"
    }
    if baseline.isCounterfactual, (sentence.counterfactual ?? []) != (row.text.counterfactual?.tokens ?? []) {
      return "they start from other counterfactuals"
    }
    let points = sentence.patterns.inputs.points
    if points != options.points { return "they have \(points) points, not \(options.points)" }
    let isWhole = sentence.patterns.words.allSatisfy { word in
      word.finestLevel >= options.level && word.embedding.nodes.allSatisfy { $0.count == 1 }
    }
    return isWhole ? nil : "they have no \(options.level.title) level"
  }
}
