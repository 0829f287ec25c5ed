import CKernels
import Faults
import Tensors
import Transformers

/// One layer's forward pass and its derivatives, by hand, for every kind of ``Block``.
///
/// Where something is replaced, the forward pass writes the values and closes the tape: slopes that every derivative through a
/// neuron or a feed-forward branch must take become 0, and ``ClosedParts`` keeps the rest.
struct BlockDerivatives {
  let block: Block
  /// l, from 0.
  let index: Int
  let layout: PathLayout
  /// ``PathLayout/places``.
  let positions: [Int32]
  let edits: EditPlan
  let rule: ReverseRule
  let tables: [Rotary: RotaryTable]
  let workspace: DerivativeWorkspace
  let check: InterruptionCheck

  var hidden: Int { block.hidden }
  var branch: AttentionBranch { block.attention }
  var queryWidth: Int { branch.queryWidth }
  var keyWidth: Int { branch.keyWidth }

  func turn(_ norm: Norm?) -> HeadTurn {
    HeadTurn(
      norm: norm, table: branch.turns.rotary.flatMap { tables[$0] }, positions: positions)
  }

  func queryRows(_ x: MutableFloats, stride: Int, rows: Int) -> HeadRows {
    HeadRows(x, stride: stride, rows: rows, heads: branch.heads.heads, size: branch.heads.headSize)
  }

  func keyRows(_ x: MutableFloats, stride: Int, rows: Int) -> HeadRows {
    HeadRows(x, stride: stride, rows: rows, heads: branch.heads.keyHeads, size: branch.heads.headSize)
  }
}

// MARK: Forward
extension BlockDerivatives {
  /// x (tokens, d) to the layer's output (outputs, d), filling the forward part of the tape.
  func forward(_ x: Floats, _ tape: BlockTape, into y: MutableFloats) throws {
    let places = edits.isEmpty ? nil : tape.outputsOfTokens
    tape.closed = ClosedParts(edits, layer: index, of: tape, queryWidth: queryWidth)
    let residual = replaced(
      .skip(layer: index), try project(x, tape), tape, places, into: workspace.gathered)
    attend(tape)
    edits.apply(at: .context(layer: index), to: tape.context, width: queryWidth, places: places)
    let mid = try forwardAttention(residual, tape, places)
    try forwardFeedForward(mid.sum, reading: mid.input, tape, places, into: y)
    if !rule.isExact { tape.holdNormScales(of: block) }
    edits.apply(at: .block(layer: index), to: y, width: hidden, places: places)
  }

  /// z to y (outputs, d), in a parallel block to x + attention; and what the feed-forward branch reads.
  private func forwardAttention(
    _ residual: Floats, _ tape: BlockTape, _ places: [Int: Int]?
  ) throws -> (sum: MutableFloats, input: Floats) {
    let (outputs, d, norms) = (tape.outputs, hidden, block.norms)
    let (sum, mid) = (workspace.sum.floats(outputs * d), workspace.mid.floats(outputs * d))
    let bias = try branchOutput(
      branch.output, norms.afterAttention, tape.norms.afterAttention, tape.context, rows: outputs,
      at: .attention(layer: index), places, into: sum)
    if let norm = norms.attentionSum, let own = tape.norms.attentionSum {
      norm.taped(sum, bias: bias, residual: residual, rows: outputs, own, into: mid)
      return (mid, Floats(mid))
    }
    guard let norm = norms.beforeFeedForward, let own = tape.norms.beforeFeedForward else {
      addRows(sum, bias: bias, residual: residual, rows: outputs, width: d, into: mid)
      return (mid, block.isParallel ? residual : Floats(mid))
    }
    let input = workspace.normed.floats(outputs * d)
    guard block.isParallel else {
      norm.taped(sum, bias: bias, residual: residual, rows: outputs, raw: mid, own, into: input)
      return (mid, Floats(input))
    }
    norm.taped(residual, rows: outputs, own, into: input)
    let skip = replaced(
      .feedForwardSkip(layer: index), residual, tape, places, into: workspace.own)
    addRows(sum, bias: bias, residual: skip, rows: outputs, width: d, into: mid)
    return (mid, Floats(input))
  }

  private func forwardFeedForward(
    _ mid: MutableFloats, reading input: Floats, _ tape: BlockTape, _ places: [Int: Int]?,
    into y: MutableFloats
  ) throws {
    let (outputs, d, branch) = (tape.outputs, hidden, block.feedForward)
    let wide = workspace.wide.floats(outputs * branch.up.outputs)
    let post = branch.isGated ? workspace.gated.floats(outputs * branch.intermediate) : wide
    let sum = workspace.sum.floats(outputs * d)
    try branch.activateTaped(
      input, rows: outputs, wide: wide, slopes: tape.slopes, into: post, check: check)
    edits.apply(at: .neurons(layer: index), to: post, width: branch.intermediate, places: places)
    let bias = try branchOutput(
      branch.down, block.norms.afterFeedForward, tape.norms.afterFeedForward, post, rows: outputs,
      at: .feedForward(layer: index), places, into: sum)
    if !rule.isExact {
      try branch.relevanceSlopes(input, rows: outputs, wide: wide, slopes: tape.slopes, check: check)
    }
    edits.clearNeurons(
      layer: index, of: tape.slopes, width: branch.intermediate, isGated: branch.isGated, places: places)
    edits.clearRows(
      at: .feedForward(layer: index), of: tape.slopes, width: branch.up.outputs, places: places)
    let skip =
      block.isParallel
      ? Floats(mid) : replaced(.feedForwardSkip(layer: index), mid, tape, places, into: workspace.own)
    if let norm = block.norms.feedForwardSum, let own = tape.norms.feedForwardSum {
      norm.taped(sum, bias: bias, residual: skip, rows: outputs, own, into: y)
    } else {
      addRows(sum, bias: bias, residual: skip, rows: outputs, width: d, into: y)
    }
  }

  /// What a branch adds to the stream; returns the bias that is not in it yet.
  private func branchOutput(
    _ linear: Linear, _ norm: Norm?, _ tape: NormTape?, _ x: Floats, rows: Int, at point: EditPoint,
    _ places: [Int: Int]?, into sum: MutableFloats
  ) throws -> Tensor? {
    try linear.multiply(x, rows: rows, into: sum, check: check)
    guard let norm, let tape else {
      edits.apply(at: point, to: sum, width: hidden, minus: linear.bias, places: places)
      return linear.bias
    }
    norm.taped(sum, bias: linear.bias, rows: rows, tape, into: sum)
    edits.apply(at: point, to: sum, width: hidden, places: places)
    return nil
  }

  /// Values (outputs, d): a copy where some are replaced, since the layer's input may be kept.
  private func replaced(
    _ point: EditPoint, _ x: Floats, _ tape: BlockTape, _ places: [Int: Int]?, into buffer: Buffer
  ) -> Floats {
    guard !edits.edits(at: point).isEmpty else { return x }
    let copy = buffer.floats(tape.outputs * hidden)
    if x != Floats(copy) { copy.update(from: x, count: tape.outputs * hidden) }
    edits.apply(at: point, to: copy, width: hidden, places: places)
    return Floats(copy)
  }

  /// Fills q, k and v; returns the skip connections' values (outputs, d).
  private func project(_ x: Floats, _ tape: BlockTape) throws -> Floats {
    let (d, tokens, projection) = (hidden, layout.tokens, branch.projection)
    let input = tapedInput(x, tape)
    guard tape.isLast else {
      try projection.multiply(input, rows: tokens, into: tape.query, check: check)
      projection.addBias(to: tape.query, rows: tokens, into: tape.query)
      turnTaped(tape)
      return x
    }
    try projection.multiply(input, rows: tokens, part: branch.keysAndValues, into: tape.key, check: check)
    projection.addBias(branch.keysAndValues, to: tape.key, rows: tokens, into: tape.key)
    let own = workspace.gathered.floats(tape.outputs * d)
    gather(input, layout.targetTokens, width: d, into: own)
    try projection.multiply(own, rows: tape.outputs, part: branch.queries, into: tape.query, check: check)
    projection.addBias(branch.queries, to: tape.query, rows: tape.outputs, into: tape.query)
    if input != x { gather(x, layout.targetTokens, width: d, into: own) }
    turnTaped(tape)
    return Floats(own)
  }

  /// What the projection reads.
  private func tapedInput(_ x: Floats, _ tape: BlockTape) -> Floats {
    guard let norm = block.norms.beforeAttention, let own = tape.norms.beforeAttention else { return x }
    let input = workspace.normed.floats(layout.tokens * hidden)
    norm.taped(x, rows: layout.tokens, own, into: input)
    return Floats(input)
  }

  private func turnTaped(_ tape: BlockTape) {
    guard !branch.turns.isEmpty else { return }
    turn(branch.turns.queryNorm).taped(
      queryRows(tape.query, stride: tape.queryStride, rows: tape.outputs), tapeRows: tape.tokensOfOutputs,
      tape.norms.queries)
    turn(branch.turns.keyNorm).taped(
      keyRows(tape.key, stride: tape.keyStride, rows: layout.tokens), tape.norms.keys)
  }

  /// Fills P and z. The biases are in q, k and v already, so the kernel adds zeros.
  private func attend(_ tape: BlockTape) {
    let (size, longest) = (branch.heads.headSize, layout.longest)
    let zeros = [Float](repeating: 0, count: size)
    let mask = [Bool](repeating: true, count: longest)
    let ranges = layout.sentences.map { sentence in
      sentence.ranges(
        branch.heads.mask, of: tape.isLast ? sentence.target..<sentence.target + 1 : 0..<sentence.length)
    }
    zeros.withUnsafeBufferPointer { zeros in
      mask.withUnsafeBufferPointer { mask in
        guard let zeros = zeros.baseAddress, let mask = mask.baseAddress else { return }
        layout.forEachRow(scratch: ck_attention_scratch(longest, longest, size)) { s, k, scratch in
          withPart(ranges[s], 0..<0) { attend(tape, s, k, zeros, mask, $0, scratch) }
        }
      }
    }
  }

  private func attend(
    _ tape: BlockTape, _ sentence: Int, _ point: Int, _ zeros: Floats, _ mask: UnsafePointer<Bool>,
    _ ranges: UnsafePointer<Int32>?, _ scratch: MutableFloats
  ) {
    let (row, heads) = (tape.attention(sentence, point), branch.heads)
    let context = tape.context + tape.firstOutput(sentence, point) * queryWidth
    let square = tape.square(sentence, point)
    for head in 0..<row.heads {
      let (column, keyColumn) = (head * row.head_size, heads.keyColumn(of: head))
      let own = square + head * row.queries * row.keys
      var description = ck_attention_head(
        queries: row.queries, keys: row.keys, head_size: row.head_size, query: row.query + column,
        key: row.key + keyColumn, value: row.value + keyColumn, query_stride: row.query_stride,
        key_stride: row.key_stride, query_bias: zeros, key_bias: zeros, value_bias: zeros, mask: mask,
        scale: row.scale, scores: nil, pattern: tape.pattern + own, context: context + column,
        context_stride: queryWidth, ranges: ranges, cap: heads.cap,
        slopes: tape.scoreSlopes.map { $0 + own })
      ck_attention(&description, scratch)
    }
  }
}

// MARK: Between x and what the heads read
extension BlockDerivatives {
  /// From tangents of x (rows, d) to those of what the projection reads; x itself where there is no norm before it.
  ///
  /// - Parameter tokens: of the rows; nil when they are all tokens
  func inputTangent(
    _ x: Floats, _ tape: BlockTape, tokens: [Int32]?, rows: Int, into buffer: Buffer
  ) -> Floats {
    guard let norm = block.norms.beforeAttention, let own = tape.norms.beforeAttention else { return x }
    let result = buffer.floats(rows * hidden)
    norm.tangent(x, tapeRows: tokens, rows: rows, own, into: result)
    return Floats(result)
  }

  /// The transpose: x = J' x + added in place, or x + added where there is no norm.
  func inputGradient(
    _ x: MutableFloats, added: Floats?, _ tape: BlockTape, tokens: [Int32]?, rows: Int
  ) {
    if let norm = block.norms.beforeAttention, let own = tape.norms.beforeAttention {
      norm.gradient(x, added: added, tapeRows: tokens, rows: rows, own, into: x)
    } else if let added {
      addRows(x, residual: added, rows: rows, width: hidden, into: x)
    }
  }

  /// Tangents of queries (rows, A dh) and keys (rows, G dh) from before their turns to after them, and gradients back.
  ///
  /// - Parameters:
  ///   - tokens: of the rows; nil when they are all tokens
  ///   - outputs: of the rows of queries; nil when they are all outputs
  func turnTangents(ofQueries x: HeadRows, _ tape: BlockTape, tokens: [Int32]?, outputs: [Int32]?) {
    turn(branch.turns.queryNorm).tangent(
      x, positionRows: tokens, tapeRows: outputs, tape.norms.queries)
  }

  func turnTangents(ofKeys x: HeadRows, _ tape: BlockTape, tokens: [Int32]?) {
    turn(branch.turns.keyNorm).tangent(x, positionRows: tokens, tapeRows: tokens, tape.norms.keys)
  }

  func turnGradients(ofQueries x: HeadRows, _ tape: BlockTape, tokens: [Int32]?, outputs: [Int32]?) {
    turn(branch.turns.queryNorm).gradient(
      x, positionRows: tokens, tapeRows: outputs, tape.norms.queries)
  }

  func turnGradients(ofKeys x: HeadRows, _ tape: BlockTape, tokens: [Int32]?) {
    turn(branch.turns.keyNorm).gradient(x, positionRows: tokens, tapeRows: tokens, tape.norms.keys)
  }

  /// From tangents of all tokens x (tokens, d) to those of z (outputs, A dh).
  func contextTangents(_ x: Floats, _ tape: BlockTape, into contexts: MutableFloats) throws {
    let (tokens, projection) = (layout.tokens, branch.projection)
    let projections = workspace.projections.floats(projection.outputs * tokens)
    let input = inputTangent(x, tape, tokens: nil, rows: tokens, into: workspace.normed)
    let (query, key) = divide(projections, tape)
    let (queryStride, keyStride) = (tape.queryStride, tape.keyStride)
    if tape.isLast {
      try projection.multiply(input, rows: tokens, part: branch.keysAndValues, into: key, check: check)
      let targets = workspace.gathered.floats(tape.outputs * hidden)
      gather(input, layout.targetTokens, width: hidden, into: targets)
      try projection.multiply(targets, rows: tape.outputs, part: branch.queries, into: query, check: check)
    } else {
      try projection.multiply(input, rows: tokens, into: projections, check: check)
    }
    turnTangents(
      ofQueries: queryRows(query, stride: queryStride, rows: tape.outputs), tape,
      tokens: tape.tokensOfOutputs, outputs: nil)
    turnTangents(ofKeys: keyRows(key, stride: keyStride, rows: tokens), tape, tokens: nil)
    layout.forEachRow(scratch: tape.scratch()) { s, k, scratch in
      var row = tape.attention(s, k)
      let (output, token) = (tape.firstOutput(s, k), layout.token(s, k, 0))
      let keys = key + token * keyStride
      ck_attention_tangent(
        &row, query + output * queryStride, queryStride, keys, keys + keyWidth, keyStride,
        contexts + output * queryWidth, scratch)
    }
  }

  /// Where queries and keys lie in memory shaped as the tape's.
  func divide(
    _ projections: MutableFloats, _ tape: BlockTape
  ) -> (query: MutableFloats, key: MutableFloats) {
    tape.isLast
      ? (projections + layout.tokens * tape.keyStride, projections) : (projections, projections + queryWidth)
  }
}

// MARK: Reverse
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
    let sum = workspace.sum.floats(rows * d)
    let inner = sumGradient(g, tape, at: tapeRows, rows: rows)
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

  /// From the gradient of the feed-forward branch's output (rows, d) to that of what its first product reads.
  func feedForwardGradient(
    _ g: Floats, _ tape: BlockTape, at tapeRows: [Int32]?, rows: Int, into sum: MutableFloats
  ) throws {
    let branch = block.feedForward
    try branch.gradient(
      productGradient(g, tape, at: tapeRows, rows: rows, into: sum), rows: rows, slopes: tape.slopes,
      tapeRows: tapeRows, wide: workspace.wide.floats(rows * branch.up.outputs),
      narrow: workspace.gated.floats(branch.isGated ? rows * branch.intermediate : 0), into: sum,
      check: check)
  }

  /// The same as far as the branch's last product, before the norm that may follow it.
  func productGradient(
    _ g: Floats, _ tape: BlockTape, at tapeRows: [Int32]?, rows: Int, into sum: MutableFloats
  ) -> Floats {
    guard let norm = block.norms.afterFeedForward, let own = tape.norms.afterFeedForward else { return g }
    norm.gradient(g, tapeRows: tapeRows, rows: rows, own, into: sum)
    return Floats(sum)
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

// MARK: Tangents
extension BlockDerivatives {
  /// What two branches add to h, (rows, d) each: everything that the feed-forward branch does not carry, and what it does.
  struct Branches {
    let mid: MutableFloats
    let feedForward: MutableFloats
  }

  /// Rows whose tangents do not go through the feed-forward branch, or not through its skip connection.
  struct ClosedRows {
    var feedForward: [Int] = []
    var skip: [Int] = []
  }

  /// The transpose of ``tokenGradient``: from tangents of z (rows, A dh) and of the skip connections to those of h.
  ///
  /// - Parameters:
  ///   - context: tangents of z; those of replaced heads become 0
  ///   - skip: tangents of the skip connections; `skipRows` tells each row's, -1 for none
  func tokenTangent(
    context: MutableFloats, skip: Floats, skipRows: [Int32]?, _ tape: BlockTape, at tapeRows: [Int32]?,
    rows: Int, closing closedRows: ClosedRows = ClosedRows(), into y: MutableFloats
  ) throws {
    let branches = try branchTangents(
      context: context, skip: skip, skipRows: skipRows, tape, at: tapeRows, rows: rows,
      closing: closedRows)
    join(branches, tape, at: tapeRows, rows: rows, into: y)
  }

  /// The same up to the sum of the feed-forward branch and its skip connection.
  func branchTangents(
    context: MutableFloats, skip: Floats, skipRows: [Int32]?, _ tape: BlockTape, at tapeRows: [Int32]?,
    rows: Int, closing closedRows: ClosedRows = ClosedRows()
  ) throws -> Branches {
    let (d, norms) = (hidden, block.norms)
    tape.closed?.closeContexts(context, at: tapeRows, rows: rows, width: queryWidth)
    let skipRows = tape.closed.map { $0.openSkips(skipRows, at: tapeRows, rows: rows) } ?? skipRows
    let (sum, mid) = (workspace.sum.floats(rows * d), workspace.mid.floats(rows * d))
    try branch.output.multiply(context, rows: rows, into: sum, check: check)
    if let norm = norms.afterAttention, let own = tape.norms.afterAttention {
      norm.tangent(sum, tapeRows: tapeRows, rows: rows, own, into: sum)
    }
    var input = Floats(mid)
    if let norm = norms.attentionSum, let own = tape.norms.attentionSum {
      norm.tangent(
        sum, residual: skip, residualRows: skipRows, tapeRows: tapeRows, rows: rows, own, into: mid)
    } else {
      let residualRows =
        block.isParallel
        ? openResiduals(skipRows, tape, at: tapeRows, rows: rows, closedRows) : skipRows
      addRows(sum, residual: skip, residualRows: residualRows, rows: rows, width: d, into: mid)
    }
    if block.isParallel { input = gatheredSkips(skip, skipRows, rows: rows) }
    if let norm = norms.beforeFeedForward, let own = tape.norms.beforeFeedForward {
      let normed = workspace.normed.floats(rows * d)
      norm.tangent(input, tapeRows: tapeRows, rows: rows, own, into: normed)
      input = Floats(normed)
    }
    try feedForwardTangent(input, tape, at: tapeRows, rows: rows, into: sum)
    for row in closedRows.feedForward { (sum + row * d).update(repeating: 0, count: d) }
    if !block.isParallel {
      tape.closed?.closeFeedForwardSkips(mid, at: tapeRows, rows: rows, width: d)
      for row in closedRows.skip { (mid + row * d).update(repeating: 0, count: d) }
    }
    return Branches(mid: mid, feedForward: sum)
  }

  private func gatheredSkips(_ skip: Floats, _ skipRows: [Int32]?, rows: Int) -> Floats {
    guard let skipRows else { return skip }
    let gathered = workspace.own.floats(rows * hidden)
    gather(skip, skipRows, width: hidden, into: gathered)
    return Floats(gathered)
  }

  private func feedForwardTangent(
    _ x: Floats, _ tape: BlockTape, at tapeRows: [Int32]?, rows: Int, into y: MutableFloats
  ) throws {
    let branch = block.feedForward
    try branch.tangent(
      x, rows: rows, slopes: tape.slopes, tapeRows: tapeRows,
      wide: workspace.wide.floats(rows * branch.up.outputs),
      narrow: workspace.gated.floats(branch.isGated ? rows * branch.intermediate : 0), into: y, check: check)
    if let norm = block.norms.afterFeedForward, let own = tape.norms.afterFeedForward {
      norm.tangent(y, tapeRows: tapeRows, rows: rows, own, into: y)
    }
  }

  /// The rows that reach a parallel block's output as they are: what comes from the heads is in the same sum, and goes on.
  private func openResiduals(
    _ skipRows: [Int32]?, _ tape: BlockTape, at tapeRows: [Int32]?, rows: Int, _ closedRows: ClosedRows
  ) -> [Int32]? {
    let replaced = tape.closed.flatMap { $0.replacesFeedForwardSkips ? $0 : nil }
    guard replaced != nil || !closedRows.skip.isEmpty else { return skipRows }
    var open =
      replaced?.openFeedForwardSkips(skipRows, at: tapeRows, rows: rows)
      ?? skipRows ?? (0..<rows).map { Int32($0) }
    for row in closedRows.skip { open[row] = -1 }
    return open
  }

  /// h's tangents from those of the branches, (rows, d).
  func join(
    _ branches: Branches, _ tape: BlockTape, at tapeRows: [Int32]?, rows: Int, into y: MutableFloats
  ) {
    if let norm = block.norms.feedForwardSum, let own = tape.norms.feedForwardSum {
      norm.tangent(
        branches.feedForward, residual: branches.mid, tapeRows: tapeRows, rows: rows, own, into: y)
    } else {
      addRows(branches.feedForward, residual: branches.mid, rows: rows, width: hidden, into: y)
    }
    tape.closed?.closeBlocks(y, at: tapeRows, rows: rows, width: hidden)
  }
}
