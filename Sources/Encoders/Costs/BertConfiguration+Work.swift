extension BertConfiguration {
  /// Multiply-adds of a layer that projects `tokens` to keys and values and computes the outputs of some of them.
  ///
  /// - Parameter length: n, the tokens that each attends to.
  package func layerOperations(tokens: Int, outputs: Int, length: Int) -> Double {
    2 * Double(tokens) * Double(hidden * hidden) + attendedOperations(outputs: outputs, length: length)
      + Double(outputs) * Double(hidden * hidden)
  }

  /// Those behind the projections: attention's output and the feed-forward block.
  package func outputOperations(outputs: Int) -> Double {
    Double(outputs) * Double(hidden * hidden + 2 * hidden * intermediate)
  }

  private func attendedOperations(outputs: Int, length: Int) -> Double {
    2 * Double(outputs) * Double(length * hidden) + outputOperations(outputs: outputs)
  }

  /// All layers, the last of which computes `outputs` alone.
  package func encoderWork(tokens: Int, outputs: Int, length: Int) -> Work {
    Work(
      operations: Double(layers - 1) * layerOperations(tokens: tokens, outputs: tokens, length: length)
        + layerOperations(tokens: tokens, outputs: outputs, length: length), layers: Double(layers))
  }

  /// The masked-LM head, with the logits of all words or of few.
  package func headWork(rows: Int, allWords: Bool) -> Work {
    guard rows > 0 else { return Work() }
    let weights = Double(hidden * hidden + (allWords ? hidden * vocabulary : 0))
    return Work(operations: Double(rows) * weights, layers: weights / layerWeights)
  }

  /// Of a layer, without biases.
  private var layerWeights: Double { Double(4 * hidden * hidden + 2 * hidden * intermediate) }
}
