import CKernels
import Faults
import Tensors
import Transformers

extension BlockDerivatives {
  /// x (tokens, d) to the layer's output (outputs, d), filling the forward part of the tape.
  func forward(_ x: Floats, _ tape: BlockTape, into y: MutableFloats) throws {
    let places = edits.isEmpty ? nil : tape.outputsOfTokens
    tape.closed = ClosedParts(edits, layer: index, of: tape, queryWidth: queryWidth)
    let residual = replaced(
      .skip(layer: index), try project(x, tape), tape, places, into: workspace.gathered)
    edits.apply(at: .queries(layer: index), to: tape.query, width: tape.queryStride, places: places)
    edits.apply(at: .keysAndValues(layer: index), to: tape.key, width: tape.keyStride)
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
          for reader in cuts where reader.row == s { cut(reader, tape, k, zeros) }
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

  /// P and z of a query whose edges are masked: derivatives by them are those of the softmax over what is left.
  private func cut(_ reader: CutPlan.Reader, _ tape: BlockTape, _ point: Int, _ zeros: Floats) {
    let (sentence, heads) = (layout.sentences[reader.row], branch.heads)
    guard !tape.isLast || reader.position == sentence.target else { return }
    let row = tape.attention(reader.row, point, head: reader.head)
    let query = tape.queryIndex(reader.position)
    let output = tape.output(reader.row, point, reader.position)
    let operands = CutOperands(
      query: row.query + query * row.query_stride, key: row.key, value: row.value, stride: row.key_stride,
      keys: row.keys, queryBias: zeros, keyBias: zeros, valueBias: zeros)
    let line = tape.square(reader.row, point) + (reader.head * row.queries + query) * row.keys
    heads.cut(
      reader, operands, readable: sentence.keys(heads.mask, of: reader.position), isThere: { _ in true },
      weights: tape.pattern + line, context: tape.context + output * queryWidth + reader.head * row.head_size)
  }
}
