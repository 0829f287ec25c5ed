import CKernels
import Tensors
import Transformers

/// Gradients at the parts of a layer, from tapes whose gradients are filled.
extension BlockDerivatives {
  /// Gradients of queries, keys and values as they meet, those of keys and values for each query head that reads them.
  ///
  /// - Parameters:
  ///   - query: (outputs, A dh)
  ///   - key: keys, then values, (tokens, 2 A dh)
  func headGradients(_ tape: BlockTape, query: MutableFloats, key: MutableFloats) {
    let heads = branch.heads
    let isGrouped = heads.keyHeads != heads.heads
    let own = isGrouped ? workspace.projections.floats(layout.tokens * 2 * queryWidth) : nil
    if let own { spread(tape, into: own) }
    layout.forEachRow(scratch: tape.scratch() * heads.heads / heads.keyHeads) { s, k, scratch in
      var row = tape.attention(s, k)
      let (output, token) = (tape.firstOutput(s, k), layout.token(s, k, 0))
      if let own {
        row.key_heads = heads.heads
        row.key = Floats(own + token * 2 * queryWidth)
        row.value = row.key + queryWidth
        row.key_stride = 2 * queryWidth
      }
      let keys = key + token * 2 * queryWidth
      ck_attention_gradient(
        &row, tape.contextGradient + output * queryWidth, tape.scoreGradient + tape.square(s, k),
        query + output * queryWidth, queryWidth, keys, keys + queryWidth, 2 * queryWidth, scratch)
    }
    guard rule.holdsAttention else { return }
    query.update(repeating: 0, count: tape.outputs * queryWidth)
    for token in 0..<layout.tokens {
      (key + token * 2 * queryWidth).update(repeating: 0, count: queryWidth)
    }
  }

  /// Keys and values of each query head, (tokens, 2 A dh).
  private func spread(_ tape: BlockTape, into target: MutableFloats) {
    let (heads, size) = (branch.heads, branch.heads.headSize)
    for token in 0..<layout.tokens {
      for head in 0..<heads.heads {
        let place = target + token * 2 * queryWidth + head * size
        let column = token * tape.keyStride + heads.keyColumn(of: head)
        place.update(from: tape.key + column, count: size)
        (place + queryWidth).update(from: tape.value + column, count: size)
      }
    }
  }

  /// The same back to what the projection gives, in place.
  func turnHeadGradients(_ tape: BlockTape, query: MutableFloats, key: MutableFloats) {
    guard !branch.turns.isEmpty else { return }
    let (heads, size) = (branch.heads, branch.heads.headSize)
    turnGradients(
      ofQueries: queryRows(query, stride: queryWidth, rows: tape.outputs), tape, tokens: tape.tokensOfOutputs,
      outputs: nil)
    let rows = HeadRows(key, stride: 2 * queryWidth, rows: layout.tokens, heads: heads.heads, size: size)
    guard let keys = tape.norms.keys, heads.keyHeads != heads.heads else {
      return turn(branch.turns.keyNorm).gradient(rows, positionRows: nil, tapeRows: nil, tape.norms.keys)
    }
    // The norm's tape is of the heads that keys have.
    let count = layout.tokens * heads.heads
    let (normalized, scale) = (Storage(uninitializedCount: count * size), Storage(uninitializedCount: count))
    defer { withExtendedLifetime((normalized, scale)) {} }
    for place in 0..<count {
      let (token, head) = place.quotientAndRemainder(dividingBy: heads.heads)
      let own = token * heads.keyHeads + heads.keyColumn(of: head) / size
      (normalized.base + place * size).update(from: keys.normalized + own * size, count: size)
      scale.base[place] = keys.scale[own]
    }
    turn(branch.turns.keyNorm).gradient(
      rows, positionRows: nil, tapeRows: nil, NormTape(normalized: normalized.base, scale: scale.base))
  }

  /// The reverse pass of a layer through whose branches nothing goes, only through its skip connections: its heads and its
  /// feed-forward branch get no gradient (GradDrop: Kramár et al., "AtP*", 2024, section 3.1.2).
  func dropGradient(_ g: Floats, _ tape: BlockTape, into result: MutableFloats) {
    let (d, rows) = (hidden, tape.outputs)
    let own = workspace.own.floats(rows * d)
    own.update(from: sumGradient(g, tape, at: nil, rows: rows), count: rows * d)
    tape.closed?.closeFeedForwardSkips(own, at: nil, rows: rows, width: d)
    if let norm = block.norms.attentionSum, let ownTape = tape.norms.attentionSum {
      norm.gradient(own, tapeRows: nil, rows: rows, ownTape, into: own)
    }
    tape.closed?.closeSkips(own, at: nil, rows: rows, width: d)
    tape.contextGradient.update(repeating: 0, count: rows * queryWidth)
    tape.scoreGradient.update(
      repeating: 0, count: tape.isLast ? layout.heads * layout.tokens : layout.squares)
    guard tape.isLast else { return result.update(from: own, count: rows * d) }
    result.update(repeating: 0, count: layout.tokens * d)
    addRows(own, to: result, at: layout.targetTokens, width: d)
  }
}
