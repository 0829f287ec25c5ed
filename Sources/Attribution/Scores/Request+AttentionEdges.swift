import Faults
import Tensors
import Transformers

extension Attributor {
  /// Attribution patching of attention edges: to first order what Q loses when the edge from j into i is cut. With P the
  /// probabilities of the reader i, v the values, g = dQ/dz_i and a_j = <g, v_j> = dQ/dP_ij:
  ///
  ///     zero    P_ij a_j                                    the derivative by a weight that goes to 0
  ///     mask    P_ij / (1 - P_ij) (a_j - sum_k P_ik a_k)    the change of z when the others share what it had
  ///
  /// Both are <g, z - z'> with z' the context without the edge: exact in z, first order behind it. Nanda, "Attribution Patching",
  /// 2023; cuts as ``AttentionCut/Mode`` has them. Where a reader has one key alone masking is undefined and the score NaN.
  ///
  /// - Complexity: a forward and a reverse pass, and L A n^2 dh multiply-adds.
  public func attentionEdgeScores(
    _ inputs: [AttributionInput], by mode: AttentionCut.Mode,
    options: AttributionOptions = AttributionOptions(),
    check: @escaping InterruptionCheck, progress: @escaping ProgressReport = { _ in }
  ) throws -> [AttentionEdgeScores] {
    let request = try Request(self, inputs, options, points: [(1, 1)], check: check, progress: progress)
    return try execution.perform(request.attentionEdgeScores(by: mode))
  }
}

extension Request {
  func attentionEdgeScores(by mode: AttentionCut.Mode) throws -> Plan<[AttentionEdgeScores]> {
    let c = model.configuration
    let longest = sentences.map(\.paddedLength).max() ?? 0
    let parts = try MemoryPlan(self).sequential(extra: 8 * c.layers * c.heads * longest)
    func empty() -> [AttentionEdgeScores] {
      sentences.map { AttentionEdgeScores(c, length: $0.paddedLength) }
    }
    return Plan(
      work: {
        parts.reduce(Work()) { sum, part in
          sum + gradientWork(part.sentences, points: 1)
            + Work(bytes: part.bytes, sequences: part.sentences.count)
        }
      }, form: empty,
      run: {
        let progress = Progress(total: parts.count * 3 * layers, report)
        var scores = empty()
        for part in parts {
          let block = try run(part, keeping: .gradients, progress)
          for layer in 0..<layers {
            let tape = try block.tape(layer, gradients: true)
            for (m, s) in part.sentences.enumerated() {
              try add(layer, tape, member: m, sentences[s], mode, to: &scores[s])
            }
            progress.advance()
          }
        }
        progress.finish()
        return scores
      })
  }

  private func add(
    _ layer: Int, _ tape: BlockTape, member: Int, _ sentence: Sentence, _ mode: AttentionCut.Mode,
    to scores: inout AttentionEdgeScores
  ) throws {
    let heads = model.blocks[layer].attention.heads
    for query in tape.isLast ? sentence.target..<sentence.target + 1 : 0..<sentence.length {
      try check()
      let keys = sentence.keys(heads.mask, of: query)
      for head in 0..<heads.heads {
        let row = tape.attention(member, 0, head: head)
        let gradient =
          tape.contextGradient + tape.output(member, 0, query) * heads.queryWidth + head * heads.headSize
        let line = row.pattern + tape.queryIndex(query) * row.keys
        let weights = keys.map { Double(line[$0]) }
        let gains = keys.map {
          dots(row.value + $0 * row.key_stride, gradient, parts: 1, width: heads.headSize)[0]
        }
        for (key, score) in zip(keys, removalScores(weights, gains, mode)) {
          let edge = AttentionEdge(
            layer: layer, head: head, reader: sentence.positions[query], read: sentence.positions[key])
          scores[edge] = score
        }
      }
    }
  }
}

/// <g, z - z'> for each key of one query.
private func removalScores(_ weights: [Double], _ gains: [Double], _ mode: AttentionCut.Mode) -> [Double] {
  switch mode {
  case .zero: zip(weights, gains).map { $0 * $1 }
  case .mask:
    weights.indices.map { key in
      if weights[key] == 0 { return 0 }
      // sum_k P_k (a_j - a_k) over the others, whose sum is 1 - P_j without cancellation.
      var (rest, difference) = (0.0, 0.0)
      for other in weights.indices where other != key {
        rest += weights[other]
        difference += weights[other] * (gains[key] - gains[other])
      }
      return weights[key] * difference / rest
    }
  }
}
