extension ForwardExtent {
  /// What the pass takes.
  package var work: Work {
    // The other text, and up to half a pass more for what targets read.
    (request.patchesEdges ? 2.5 : 1) * layersWork + headsWork + Work(bytes: memory, sequences: rows)
  }

  private var layersWork: Work {
    let (c, selection) = (configuration, tokensForHeads)
    return layers.reduce(Work()) { sum, layer in
      let outputs = layer == c.layers - 1 ? selection?.count ?? tokens : tokens
      let takesContext = layer == layers.lowerBound && request.start?.context != nil
      return sum
        + Work(
          operations: takesContext
            ? c.outputOperations(outputs: outputs)
            : c.layerOperations(tokens: tokens, outputs: outputs, length: length), layers: 1)
    }
  }

  private var headsWork: Work {
    let few = wordQuantities.count - wholeQuantities
    let all =
      request.wordPositions.count + wholeQuantities
      + (request.capture.contains(Site(.logits)) ? tokens : 0)
    return configuration.headWork(rows: all, allWords: true)
      + configuration.headWork(rows: few + (wantsPooled ? rows : 0), allWords: false)
  }
}
