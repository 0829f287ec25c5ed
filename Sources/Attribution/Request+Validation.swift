import Transformers

/// - Throws: ``AttributionFault`` for what cannot be answered, `TransformerFault` for what the model cannot take.
func validate(_ inputs: [AttributionInput], _ options: AttributionOptions, _ model: Transformer) throws {
  guard !inputs.isEmpty else { throw AttributionFault.noInput }
  for (index, input) in inputs.enumerated() {
    let batch = TokenBatch(
      ids: input.ids, types: input.types, mask: input.mask, rows: 1, length: input.ids.count)
    try batch.validate(for: model.configuration)
    try input.interventions.validate(length: input.ids.count, mask: input.mask, model.configuration)
    if let cut = input.interventions.cuts.first(where: { $0.mode == .zero }) {
      throw AttentionEdgeFault.zeroedHasNoDerivatives(cut.edge.name)
    }
    guard input.interventions.edges == nil else { throw EdgeFault.noActivations }
    try validateTarget(input, index, model)
    try validateQuantity(input.quantity, model)
    try validateBaseline(input, index, model)
    try validateWords(options.words, input, index)
  }
  let (points, quadrature) = (options.points, options.quadrature)
  guard points >= quadrature.minimumPoints else {
    throw AttributionFault.tooFewPoints(
      points, minimum: quadrature.minimumPoints, quadrature: quadrature)
  }
  for (name, width) in [("kept", options.kept), ("beam", options.beam)] where width < 1 {
    throw AttributionFault.widthNotPositive(name, width)
  }
  guard options.kept == 1 || options.beam == 1 else {
    throw AttributionFault.keptWithBeam(kept: options.kept, beam: options.beam)
  }
}

private func validateTarget(_ input: AttributionInput, _ index: Int, _ model: Transformer) throws {
  let (target, length) = (input.target, input.ids.count)
  guard 0..<length ~= target else {
    throw AttributionFault.targetOutOfRange(target, sentence: index, length: length)
  }
  guard input.mask[target] else { throw AttributionFault.targetIsPadding(target, sentence: index) }
  guard input.quantity.readsLabels else { return }
  let position = model.configuration.classifiedPosition(input.ids, input.mask)
  guard target == position else {
    throw AttributionFault.targetNotClassified(target, sentence: index, position: position)
  }
}

private func validateQuantity(_ quantity: QuantityOfInterest, _ model: Transformer) throws {
  let hasHead = quantity.readsLabels ? model.hasClassifier : model.hasLanguageHead
  guard hasHead else { throw TransformerFault.missingHead(quantity.readsLabels ? .classifier : .words) }
  let configuration = model.configuration
  for term in quantity.terms {
    let (index, count) =
      switch term.output {
      case .token(let id): (id, configuration.vocabulary)
      case .label(let label): (label, configuration.labels.count)
      }
    guard 0..<count ~= index else { throw AttributionFault.outputOutOfRange(term.output, count: count) }
  }
}

private func validateBaseline(_ input: AttributionInput, _ index: Int, _ model: Transformer) throws {
  let vocabulary = model.configuration.vocabulary
  if case .tokens(let tokens) = input.baseline.content, tokens.count != input.ids.count {
    throw AttributionFault.counterfactualLength(tokens.count, sentence: index, length: input.ids.count)
  }
  for position in input.ids.indices {
    guard let token = input.baseline.content.token(at: position) else { break }
    guard 0..<vocabulary ~= token else {
      throw AttributionFault.baselineTokenOutOfVocabulary(token, vocabulary: vocabulary)
    }
  }
  for position in input.baseline.keep.sorted() where !(0..<input.ids.count ~= position) {
    throw AttributionFault.keptPositionOutOfRange(position, sentence: index, length: input.ids.count)
  }
}

private func validateWords(_ words: [Int]?, _ input: AttributionInput, _ index: Int) throws {
  var seen: Set<Int> = []
  for word in words ?? [] {
    guard 0..<input.ids.count ~= word else {
      throw AttributionFault.wordOutOfRange(word, sentence: index, length: input.ids.count)
    }
    guard input.mask[word] else { throw AttributionFault.wordIsPadding(word, sentence: index) }
    guard seen.insert(word).inserted else { throw AttributionFault.repeatedWord(word) }
  }
}
