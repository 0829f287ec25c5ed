extension TransformerConfiguration {
  /// Multiply-adds of a layer that projects `tokens` to keys and values and computes the outputs of some of them.
  ///
  /// - Parameter length: n, the tokens that each attends to.
  package func layerOperations(tokens: Int, outputs: Int, length: Int) -> Double {
    Double(tokens) * Double(2 * hidden * keyWidth) + Double(outputs) * Double(hidden * queryWidth)
      + 2 * Double(outputs) * Double(length * queryWidth) + outputOperations(outputs: outputs)
  }

  /// Those behind the heads: attention's output and the feed-forward branch.
  package func outputOperations(outputs: Int) -> Double {
    Double(outputs) * Double(hidden * queryWidth) + feedForwardOperations(outputs: outputs)
  }

  package func feedForwardOperations(outputs: Int) -> Double {
    Double(outputs) * Double(feedForwardWeights)
  }

  /// All layers, the last of which computes `outputs` alone.
  package func layersWork(tokens: Int, outputs: Int, length: Int) -> Work {
    Work(
      operations: Double(layers - 1) * layerOperations(tokens: tokens, outputs: tokens, length: length)
        + layerOperations(tokens: tokens, outputs: outputs, length: length), layers: Double(layers))
  }

  /// The head that reads words, with the logits of all or of few.
  package func headWork(rows: Int, allWords: Bool) -> Work {
    guard rows > 0 else { return Work() }
    let transform = isCausal ? 0 : hidden * embeddingSize
    let weights = Double(transform + (allWords ? embeddingSize * vocabulary : 0))
    return Work(operations: Double(rows) * weights, layers: weights / layerWeights)
  }

  private var feedForwardWeights: Int { (blocks.isGated ? 3 : 2) * hidden * intermediate }

  /// Of a layer, without biases.
  private var layerWeights: Double {
    Double(2 * hidden * (queryWidth + keyWidth) + feedForwardWeights)
  }
}
