import Transformers

/// What the parts of a plan take: the matrix products of each of their passes.
///
/// Tapes and element-wise operations make little difference: measured on the embedded model, influences, patterns and
/// experiments on sentences of 11 to 40 tokens run 42 to 57 thousand million multiply-adds a second on a core that does
/// 48 in plain forward passes.
extension Request {
  /// A forward pass, with or without tapes.
  func forwardWork(_ members: [Int], points: Int) -> Work {
    let c = model.configuration
    var sum = members.reduce(Work()) { sum, index in
      let sentence = sentences[index]
      let allWords = !sentence.quantity.readsLabels && sentence.quantity.logitCoefficients == nil
      return sum
        + c.layersWork(tokens: sentence.length * points, outputs: points, length: sentence.length)
        + c.headWork(rows: points, allWords: allWords)
    }
    // The sentences go through the layers together.
    sum.layers = Double(layers)
    return sum
  }

  /// A forward and a reverse pass: the same products, transposed.
  func gradientWork(_ members: [Int], points: Int) -> Work { 2 * forwardWork(members, points: points) }

  /// Tangents or gradient chains on one token each, through `layers` layers.
  func carrierWork(_ carriers: Int, points: Int, layers: Int, length: Int) -> Work {
    let rows = carriers * points
    return Double(layers)
      * Work(
        operations: model.configuration.layerOperations(tokens: rows, outputs: rows, length: length),
        layers: 1)
  }

  /// The same of one head or skip connection a layer, whose products are few beside those of the feed-forward branch.
  func chosenWork(_ carriers: Int, points: Int) -> Work {
    Double(layers)
      * Work(operations: model.configuration.feedForwardOperations(outputs: carriers * points), layers: 1)
  }

  /// The searches for the words of a group.
  func searchWork(_ group: MemoryPlan.Group, words: [Int]) -> Work {
    let (members, points) = (group.sentences, options.points)
    let longest = members.map { sentences[$0].length }.max() ?? 0
    let carriers = members.reduce(0) { $0 + words[$1] }
    let width = max(options.kept, options.beam)
    let sum =
      gradientWork(members, points: points) + recomputedWork(group)
      + carrierWork(carriers * width, points: points, layers: layers - 1, length: longest)
    guard searchesAttention else { return sum }
    // A gradient chain and a tangent for each word.
    let chains = carrierWork(carriers, points: points, layers: layers, length: longest)
    return sum + 2 * chains + (searchesFeedForward ? 2 : 0) * chosenWork(carriers, points: points)
  }

  /// Tapes that other parts of the points have overwritten: see ``MemoryPlan/Group``.
  private func recomputedWork(_ group: MemoryPlan.Group) -> Work {
    guard group.parts.count > 1 else { return Work() }
    let forwards: Double = searchesFeedForward ? 7 : searchesAttention ? 4 : 1
    return forwards * forwardWork(group.sentences, points: options.points)
      + gradientWork(group.sentences, points: options.points)
  }
}
