import Tensors

extension ForwardPass {
  /// Adds what the pass takes to `log`.
  ///
  /// - Returns: zeros in the form of the result.
  func rehearse(_ log: WorkLog) -> ForwardResult {
    log.add(layersWork + headsWork + Work(bytes: bytes, sequences: batch.rows))
    return ForwardResult(
      activations: Dictionary(
        uniqueKeysWithValues: request.capture.map { ($0, Tensor.zeros(shape(of: $0))) }),
      maskedLMLogits: request.maskedLMPositions.isEmpty
        ? nil : .zeros([request.maskedLMPositions.count, model.configuration.vocabulary]),
      classLogits: request.classify ? .zeros([batch.rows, model.configuration.labels.count]) : nil,
      quantities: Array(repeating: 0, count: request.quantities.count))
  }

  private func shape(of site: Site) -> [Int] {
    site.shape(in: model.configuration, rows: batch.rows, length: batch.length)
  }

  private var layersWork: Work {
    let (c, length) = (model.configuration, batch.length)
    let (first, selection) = (request.start?.layer ?? 0, tokensForHeads())
    return (first..<max(layersToRun, first)).reduce(Work()) { sum, layer in
      let outputs = layer == c.layers - 1 ? selection?.count ?? layout.tokens : layout.tokens
      let takesContext = layer == first && request.start?.context != nil
      return sum
        + Work(
          operations: takesContext
            ? c.outputOperations(outputs: outputs)
            : c.layerOperations(tokens: layout.tokens, outputs: outputs, length: length), layers: 1)
    }
  }

  private var headsWork: Work {
    let c = model.configuration
    let few = wordQuantities.count - wholeQuantities
    let all =
      request.maskedLMPositions.count + wholeQuantities
      + (capture.contains(Site(.logits)) ? layout.tokens : 0)
    return c.headWork(rows: all, allWords: true)
      + c.headWork(rows: few + (wantsPooled ? batch.rows : 0), allWords: false)
  }

  /// Quantities that read the logits of all words.
  private var wholeQuantities: Int { wordQuantities.count { $0.quantity.logitCoefficients == nil } }

  private var bytes: Int {
    let c = model.configuration
    let captured = request.capture.reduce(0) { $0 + shape(of: $1).reduce(1, *) }
    let logits =
      (request.maskedLMPositions.count + min(wholeQuantities, MaskedLMHead.rowsPerPart)) * c.vocabulary
    return MemoryLayout<Float>.stride
      * (Workspace.size(tokens: layout.tokens, hidden: hidden, intermediate: c.intermediate) + captured
        + logits)
  }
}

extension Tensor {
  fileprivate static func zeros(_ shape: [Int]) -> Tensor { Tensor(shape: shape, repeating: 0) }
}
