import CKernels
import Faults
import Tensors
import Transformers

extension BlockDerivatives {
  /// From dQ/dy (outputs, d) to dQ/dx (tokens, d), filling the gradients of the tape.
  func gradient(_ g: Floats, _ tape: BlockTape, into result: MutableFloats) throws {
    let (d, tokens, projection) = (hidden, layout.tokens, branch.projection)
    try tokenGradient(
      g, tape, at: nil, rows: tape.outputs, skip: tape.ownGradient, context: tape.contextGradient)
    let projections = workspace.projections.floats(projection.outputs * tokens)
    let (query, key) = divide(projections, tape)
    attentionGradient(tape, query: query, key: key)
    turnGradients(
      ofQueries: queryRows(query, stride: tape.queryStride, rows: tape.outputs), tape,
      tokens: tape.tokensOfOutputs, outputs: nil)
    turnGradients(ofKeys: keyRows(key, stride: tape.keyStride, rows: tokens), tape, tokens: nil)
    guard tape.isLast else { return try allTokensGradient(query, key, tape, into: result) }
    // The target's query and skip connection, then keys and values of all tokens.
    let own = workspace.own.floats(tape.outputs * d)
    try projection.multiplyTransposed(
      query, stride: tape.queryStride, rows: tape.outputs, part: branch.queries, into: own, check: check)
    try projection.multiplyTransposed(
      key, stride: tape.keyStride, rows: tokens, part: branch.keysAndValues, into: result, check: check)
    addRows(own, to: result, at: layout.targetTokens, width: d)
    inputGradient(result, added: nil, tape, tokens: nil, rows: tokens)
    addRows(tape.ownGradient, to: result, at: layout.targetTokens, width: d)
  }

  private func allTokensGradient(
    _ query: Floats, _ key: Floats, _ tape: BlockTape, into result: MutableFloats
  ) throws {
    let (d, tokens, projection, own) = (hidden, layout.tokens, branch.projection, tape.ownGradient)
    guard block.norms.beforeAttention != nil else {
      try projection.multiplyTransposed(
        query, stride: tape.queryStride, rows: tokens, part: branch.queries, into: own, accumulating: true,
        check: check)
      result.update(from: own, count: tokens * d)
      return try projection.multiplyTransposed(
        key, stride: tape.keyStride, rows: tokens, part: branch.keysAndValues, into: result,
        accumulating: true, check: check)
    }
    let inner = workspace.own.floats(tokens * d)
    try projection.multiplyTransposed(
      query, stride: tape.queryStride, rows: tokens, part: branch.queries, into: inner, check: check)
    inputGradient(inner, added: own, tape, tokens: nil, rows: tokens)
    own.update(from: inner, count: tokens * d)
    try projection.multiplyTransposed(
      key, stride: tape.keyStride, rows: tokens, part: branch.keysAndValues, into: result, check: check)
    inputGradient(result, added: own, tape, tokens: nil, rows: tokens)
  }

  private func attentionGradient(_ tape: BlockTape, query: MutableFloats, key: MutableFloats) {
    layout.forEachRow(scratch: tape.scratch()) { s, k, scratch in
      var row = tape.attention(s, k)
      let (output, token) = (tape.firstOutput(s, k), layout.token(s, k, 0))
      let keys = key + token * tape.keyStride
      ck_attention_gradient(
        &row, tape.contextGradient + output * queryWidth, tape.scoreGradient + tape.square(s, k),
        query + output * tape.queryStride, tape.queryStride, keys, keys + keyWidth, tape.keyStride, scratch)
    }
    if rule.holdsAttention { holdAttention(tape, query: query, key: key) }
  }

  /// The part of the layer that acts on each token alone: from dQ/dh to dQ/d(skip connection) (rows, d) and dQ/dz
  /// (rows, A dh), 0 for what is replaced; for the outputs of `tapeRows` or for all.
  func tokenGradient(
    _ g: Floats, _ tape: BlockTape, at tapeRows: [Int32]?, rows: Int, skip: MutableFloats,
    context: MutableFloats
  ) throws {
    let attention = try attentionOutputGradient(g, tape, at: tapeRows, rows: rows, skip: skip)
    try contextGradient(attention, tape, at: tapeRows, rows: rows, into: context)
    tape.closed?.closeSkips(skip, at: tapeRows, rows: rows, width: hidden)
  }

  /// From dQ/dh to the gradient of the attention branch's output, (rows, d), and to that of the skip connection, replaced or not.
  func attentionOutputGradient(
    _ g: Floats, _ tape: BlockTape, at tapeRows: [Int32]?, rows: Int, skip: MutableFloats
  ) throws -> Floats {
    let (d, norms) = (hidden, block.norms)
    let inner = sumGradient(g, tape, at: tapeRows, rows: rows)
    let sum = workspace.sum.floats(rows * d)
    try feedForwardGradient(inner, tape, at: tapeRows, rows: rows, into: sum)
    let residual = openResidual(inner, tape, at: tapeRows, rows: rows)
    if let norm = norms.attentionSum, let own = tape.norms.attentionSum {
      norm.gradient(sum, residual: residual, tapeRows: tapeRows, rows: rows, own, into: skip)
    } else if let norm = norms.beforeFeedForward, let own = tape.norms.beforeFeedForward {
      norm.gradient(sum, added: residual, tapeRows: tapeRows, rows: rows, own, into: skip)
    } else {
      addRows(sum, residual: residual, rows: rows, width: d, into: skip)
    }
    return block.isParallel ? inner : Floats(skip)
  }

  /// What goes back through the feed-forward branch, up to the norm before it.
  func feedForwardGradient(
    _ inner: Floats, _ tape: BlockTape, at tapeRows: [Int32]?, rows: Int, into sum: MutableFloats
  ) throws {
    let branch = block.feedForward
    try branch.gradient(
      productGradient(inner, tape, at: tapeRows, rows: rows, into: sum), rows: rows, slopes: tape.slopes,
      tapeRows: tapeRows, wide: workspace.wide.floats(rows * branch.up.outputs),
      narrow: workspace.gated.floats(branch.isGated ? rows * branch.intermediate : 0), into: sum,
      check: check)
  }

  /// The same as far as the branch's last product, before the norm that may follow it.
  func productGradient(
    _ inner: Floats, _ tape: BlockTape, at tapeRows: [Int32]?, rows: Int, into sum: MutableFloats
  ) -> Floats {
    guard let norm = block.norms.afterFeedForward, let own = tape.norms.afterFeedForward else { return inner }
    norm.gradient(inner, tapeRows: tapeRows, rows: rows, own, into: sum)
    return Floats(sum)
  }

  /// The two parts of the gradient of what the feed-forward branch and the skip connection beside it read, (rows, d) each: by way
  /// of the one and of the other. Their sum is what ``tokenGradient(_:_:at:rows:skip:context:)`` goes on with.
  ///
  /// - Parameter inner: what ``sumGradient(_:_:at:rows:)`` gives
  func branchGradients(
    _ inner: Floats, _ tape: BlockTape, at tapeRows: [Int32], feedForward: MutableFloats,
    skip: MutableFloats
  ) throws {
    let rows = tapeRows.count
    try feedForwardGradient(inner, tape, at: tapeRows, rows: rows, into: feedForward)
    if let norm = block.norms.beforeFeedForward, let own = tape.norms.beforeFeedForward {
      norm.gradient(feedForward, tapeRows: tapeRows, rows: rows, own, into: feedForward)
    }
    skip.update(from: inner, count: rows * hidden)
    tape.closed?.closeFeedForwardSkips(skip, at: tapeRows, rows: rows, width: hidden)
  }

  private func contextGradient(
    _ g: Floats, _ tape: BlockTape, at tapeRows: [Int32]?, rows: Int, into context: MutableFloats
  ) throws {
    var g = g
    if let norm = block.norms.afterAttention, let own = tape.norms.afterAttention {
      let sum = workspace.sum.floats(rows * hidden)
      norm.gradient(g, tapeRows: tapeRows, rows: rows, own, into: sum)
      g = Floats(sum)
    }
    try branch.output.multiplyTransposed(g, rows: rows, into: context, check: check)
    tape.closed?.closeContexts(context, at: tapeRows, rows: rows, width: queryWidth)
  }

  /// From dQ/dh to the gradient of the sum that h is, (rows, d), 0 for replaced outputs: what a feed-forward branch and its
  /// skip connection get alike.
  func sumGradient(_ g: Floats, _ tape: BlockTape, at tapeRows: [Int32]?, rows: Int) -> Floats {
    let inner = workspace.mid.floats(rows * hidden)
    let replaces = tape.closed?.replacesBlocks ?? false
    guard let norm = block.norms.feedForwardSum, let own = tape.norms.feedForwardSum else {
      guard replaces else { return g }
      inner.update(from: g, count: rows * hidden)
      tape.closed?.closeBlocks(inner, at: tapeRows, rows: rows, width: hidden)
      return Floats(inner)
    }
    norm.gradient(g, tapeRows: tapeRows, rows: rows, own, into: inner)
    if replaces { tape.closed?.closeBlocks(inner, at: tapeRows, rows: rows, width: hidden) }
    return Floats(inner)
  }

  /// What goes back through the feed-forward branch's skip connection.
  private func openResidual(
    _ inner: Floats, _ tape: BlockTape, at tapeRows: [Int32]?, rows: Int
  ) -> Floats {
    guard let closed = tape.closed, closed.replacesFeedForwardSkips else { return inner }
    let copy = workspace.normed.floats(rows * hidden)
    copy.update(from: inner, count: rows * hidden)
    closed.closeFeedForwardSkips(copy, at: tapeRows, rows: rows, width: hidden)
    return Floats(copy)
  }
}
