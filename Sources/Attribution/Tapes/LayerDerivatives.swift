import CKernels
import Encoders
import Faults
import Tensors

/// One layer's forward pass and its derivatives, by hand.
///
///     q, k, v = x Wqkv + b;  P = softmax(q k' / sqrt(dh));  z = P v
///     u = LN(z Wo + bo + x);  y = LN(f(u W1 + b1) W2 + b2 + u)
///
/// Where something is replaced, the forward pass writes the values and closes the tape: factors that every derivative
/// through a neuron, a feed-forward block or an output must take become 0, and ``ClosedParts`` keeps heads and skip
/// connections.
struct LayerDerivatives {
  let layer: EncoderLayer
  /// l, from 0.
  let index: Int
  let edits: EditPlan
  let workspace: DerivativeWorkspace
  let check: InterruptionCheck

  var hidden: Int { layer.hidden }

  /// x (tokens, d) to y (outputs, d), filling the forward part of the tape.
  func forward(_ x: Floats, _ tape: LayerTape, into y: MutableFloats) throws {
    let places = edits.isEmpty ? nil : tape.outputsOfTokens
    tape.closed = ClosedParts(edits, layer: index, of: tape, hidden: hidden)
    let mid = try forwardAttention(x, tape, places)
    let sum = try forwardFeedForward(mid, tape, places)
    layer.outputNorm.taped(
      sum, bias: layer.down.bias, residual: mid, rows: tape.outputs, normalized: tape.outNormalized,
      scale: tape.outScale, into: y)
    edits.apply(at: .block(layer: index), to: y, width: hidden, places: places)
    edits.clearRows(at: .block(layer: index), of: tape.outScale, width: 1, places: places)
  }

  /// x (tokens, d) to u (outputs, d).
  private func forwardAttention(_ x: Floats, _ tape: LayerTape, _ places: [Int: Int]?) throws -> Floats {
    let outputs = tape.outputs
    let residual = replacedSkips(try project(x, tape), tape, places)
    attend(tape)
    edits.apply(at: .context(layer: index), to: tape.context, width: hidden, places: places)
    let (sum, mid) = (workspace.sum.floats(outputs * hidden), workspace.mid.floats(outputs * hidden))
    try layer.output.multiply(tape.context, rows: outputs, into: sum, check: check)
    edits.apply(
      at: .attention(layer: index), to: sum, width: hidden, minus: layer.output.bias, places: places)
    layer.attentionNorm.taped(
      sum, bias: layer.output.bias, residual: residual, rows: outputs, normalized: tape.midNormalized,
      scale: tape.midScale, into: mid)
    return Floats(mid)
  }

  /// u (outputs, d) to f(u W1 + b1) W2, without the bias.
  private func forwardFeedForward(_ mid: Floats, _ tape: LayerTape, _ places: [Int: Int]?) throws -> Floats {
    let (outputs, intermediate) = (tape.outputs, layer.intermediate)
    let (sum, wide) = (
      workspace.sum.floats(outputs * hidden), workspace.wide.floats(outputs * intermediate)
    )
    try layer.up.multiply(mid, rows: outputs, into: wide, check: check)
    layer.activation.taped(wide, bias: layer.up.bias, rows: outputs, post: wide, slopes: tape.slopes)
    edits.apply(at: .neurons(layer: index), to: wide, width: intermediate, places: places)
    edits.clear(at: .neurons(layer: index), of: tape.slopes, width: intermediate, places: places)
    try layer.down.multiply(wide, rows: outputs, into: sum, check: check)
    edits.apply(
      at: .feedForward(layer: index), to: sum, width: hidden, minus: layer.down.bias, places: places)
    edits.clearRows(at: .feedForward(layer: index), of: tape.slopes, width: intermediate, places: places)
    return Floats(sum)
  }

  /// The skip connections' values (outputs, d): a copy where some are replaced, since the layer's input may be kept.
  private func replacedSkips(_ residual: Floats, _ tape: LayerTape, _ places: [Int: Int]?) -> Floats {
    guard !edits.edits(at: .skip(layer: index)).isEmpty else { return residual }
    let copy = workspace.gathered.floats(tape.outputs * hidden)
    if residual != Floats(copy) { copy.update(from: residual, count: tape.outputs * hidden) }
    edits.apply(at: .skip(layer: index), to: copy, width: hidden, places: places)
    return Floats(copy)
  }

  /// Fills q, k and v; returns the skip connections' values (outputs, d).
  private func project(_ x: Floats, _ tape: LayerTape) throws -> Floats {
    let (d, tokens) = (hidden, tape.layout.tokens)
    guard tape.isLast else {
      try layer.qkv.multiply(x, rows: tokens, into: tape.query, check: check)
      addBias(0..<3 * d, to: tape.query, rows: tokens)
      return x
    }
    try layer.qkv.multiply(x, rows: tokens, part: d..<3 * d, into: tape.key, check: check)
    addBias(d..<3 * d, to: tape.key, rows: tokens)
    let residual = workspace.gathered.floats(tape.outputs * d)
    gather(x, tape.layout.targetTokens, width: d, into: residual)
    try layer.qkv.multiply(residual, rows: tape.outputs, part: 0..<d, into: tape.query, check: check)
    addBias(0..<d, to: tape.query, rows: tape.outputs)
    return Floats(residual)
  }

  private func addBias(_ part: Range<Int>, to x: MutableFloats, rows: Int) {
    let bias = layer.qkv.bias.pointer + part.lowerBound
    Workers.splitRows(rows, width: part.count) { split in
      let start = split.lowerBound * part.count
      ck_add_bias(x + start, part.count, bias, x + start, split.count, part.count)
    }
  }

  /// Fills P and z. The biases are in q, k and v already, so the kernel adds zeros.
  private func attend(_ tape: LayerTape) {
    let (size, longest) = (layer.attention.headSize, tape.layout.longest)
    let zeros = [Float](repeating: 0, count: size)
    let mask = [Bool](repeating: true, count: longest)
    zeros.withUnsafeBufferPointer { zeros in
      mask.withUnsafeBufferPointer { mask in
        guard let zeros = zeros.baseAddress, let mask = mask.baseAddress else { return }
        tape.layout.forEachRow(scratch: ck_attention_scratch(longest, longest, size)) { s, k, scratch in
          attend(tape, s, k, zeros, mask, scratch)
        }
      }
    }
  }

  private func attend(
    _ tape: LayerTape, _ sentence: Int, _ point: Int, _ zeros: Floats, _ mask: UnsafePointer<Bool>,
    _ scratch: MutableFloats
  ) {
    let row = tape.attention(sentence, point)
    let context = tape.context + tape.firstOutput(sentence, point) * hidden
    let pattern = tape.pattern + tape.square(sentence, point)
    for head in 0..<row.heads {
      let column = head * row.head_size
      var description = ck_attention_head(
        queries: row.queries, keys: row.keys, head_size: row.head_size, query: row.query + column,
        key: row.key + column, value: row.value + column, query_stride: row.query_stride,
        key_stride: row.key_stride, query_bias: zeros, key_bias: zeros, value_bias: zeros, mask: mask,
        scale: row.scale, scores: nil, pattern: pattern + head * row.queries * row.keys,
        context: context + column, context_stride: hidden)
      ck_attention(&description, scratch)
    }
  }
}

extension LayerDerivatives {
  /// From dQ/dy (outputs, d) to dQ/dx (tokens, d), filling the gradients of the tape.
  func gradient(_ g: Floats, _ tape: LayerTape, into result: MutableFloats) throws {
    let (d, tokens) = (hidden, tape.layout.tokens)
    try tokenGradient(
      g, tape, at: nil, rows: tape.outputs, skip: tape.ownGradient, context: tape.contextGradient)
    let projections = workspace.projections.floats(3 * tokens * d)
    let (query, key) =
      tape.isLast ? (projections + 2 * tokens * d, projections) : (projections, projections + d)
    let stride = tape.isLast ? 2 * d : 3 * d
    attentionGradient(tape, query: query, queryStride: tape.isLast ? d : stride, key: key, keyStride: stride)
    let own = tape.isLast ? workspace.own.floats(tape.outputs * d) : tape.ownGradient
    if tape.isLast { own.update(from: tape.ownGradient, count: tape.outputs * d) }
    try multiplyPlain(
      query, stride: tape.isLast ? d : stride, rows: tape.outputs, part: 0..<d, into: own, accumulating: true)
    if !tape.isLast { result.update(from: own, count: tokens * d) }
    try multiplyPlain(
      key, stride: stride, rows: tokens, part: d..<3 * d, into: result, accumulating: !tape.isLast)
    if tape.isLast { addRows(own, to: result, at: tape.layout.targetTokens, width: d) }
  }

  /// The part of the layer that acts on each token alone: from dQ/dy to dQ/d(skip connection) and dQ/dz, 0 for what is
  /// replaced; all (rows, d), for the outputs of `tapeRows` or for all.
  func tokenGradient(
    _ g: Floats, _ tape: LayerTape, at tapeRows: [Int32]?, rows: Int, skip: MutableFloats,
    context: MutableFloats
  ) throws {
    let (inner, wide, sum) = (
      workspace.mid.floats(rows * hidden), workspace.wide.floats(rows * layer.intermediate),
      workspace.sum.floats(rows * hidden)
    )
    layer.outputNorm.gradient(
      g, tapeRows: tapeRows, rows: rows, normalized: tape.outNormalized, scale: tape.outScale, into: inner)
    try multiplyPlain(inner, layer.down, rows: rows, into: wide)
    multiply(wide, byTape: tape.slopes, tapeRows: tapeRows, rows: rows, width: layer.intermediate)
    try multiplyPlain(wide, layer.up, rows: rows, into: sum)
    layer.attentionNorm.gradient(
      sum, residual: inner, tapeRows: tapeRows, rows: rows, normalized: tape.midNormalized,
      scale: tape.midScale, into: skip)
    try multiplyPlain(skip, layer.output, rows: rows, into: context)
    tape.closed?.closeContexts(context, at: tapeRows, rows: rows, width: hidden)
    tape.closed?.closeSkips(skip, at: tapeRows, rows: rows, width: hidden)
  }

  private func attentionGradient(
    _ tape: LayerTape, query: MutableFloats, queryStride: Int, key: MutableFloats, keyStride: Int
  ) {
    let layout = tape.layout
    layout.forEachRow(scratch: tape.scratch()) { s, k, scratch in
      var row = tape.attention(s, k)
      let (output, token) = (tape.firstOutput(s, k), layout.token(s, k, 0))
      ck_attention_gradient(
        &row, tape.contextGradient + output * hidden, tape.scoreGradient + tape.square(s, k),
        query + output * queryStride, queryStride, key + token * keyStride,
        key + hidden + token * keyStride, keyStride, scratch)
    }
  }

  /// The transpose of ``tokenGradient``: from tangents of the attention output before its projection, (rows, d), and
  /// of the skip connections to those of y.
  ///
  /// - Parameters:
  ///   - context: tangents of z; those of replaced heads become 0
  ///   - skip: tangents of the skip connections; `skipRows` tells each row's, -1 for none
  func tokenTangent(
    context: MutableFloats, skip: Floats, skipRows: [Int32]?, _ tape: LayerTape, at tapeRows: [Int32]?,
    rows: Int, into y: MutableFloats
  ) throws {
    tape.closed?.closeContexts(context, at: tapeRows, rows: rows, width: hidden)
    let skipRows = tape.closed.map { $0.openSkips(skipRows, at: tapeRows, rows: rows) } ?? skipRows
    let (sum, mid, wide) = (
      workspace.sum.floats(rows * hidden), workspace.mid.floats(rows * hidden),
      workspace.wide.floats(rows * layer.intermediate)
    )
    try layer.output.multiply(context, rows: rows, into: sum, check: check)
    layer.attentionNorm.tangent(
      sum, residual: skip, residualRows: skipRows, tapeRows: tapeRows, rows: rows,
      normalized: tape.midNormalized, scale: tape.midScale, into: mid)
    try layer.up.multiply(mid, rows: rows, into: wide, check: check)
    multiply(wide, byTape: tape.slopes, tapeRows: tapeRows, rows: rows, width: layer.intermediate)
    try layer.down.multiply(wide, rows: rows, into: sum, check: check)
    layer.outputNorm.tangent(
      sum, residual: mid, tapeRows: tapeRows, rows: rows, normalized: tape.outNormalized,
      scale: tape.outScale, into: y)
  }

  /// y = x W for the weight W (outputs, inputs) of `linear`: the transpose of its product.
  private func multiplyPlain(_ x: Floats, _ linear: Linear, rows: Int, into y: MutableFloats) throws {
    try BLAS.multiply(
      x, rows: rows, inner: linear.outputs, by: linear.weight.pointer, .plain, columns: linear.inputs,
      into: y,
      check: check)
  }

  /// The same for a part of the outputs of Wqkv.
  func multiplyPlain(
    _ x: Floats, stride: Int, rows: Int, part: Range<Int>, into y: MutableFloats, accumulating: Bool
  ) throws {
    try BLAS.multiply(
      x, stride: stride, rows: rows, inner: part.count,
      by: layer.qkv.weight.pointer + part.lowerBound * hidden,
      .plain, columns: hidden, into: y, accumulating: accumulating, check: check)
  }
}

/// target[indices[row]] += source[row]; rows of `width`.
func addRows(_ source: Floats, to target: MutableFloats, at indices: [Int32], width: Int) {
  for (row, index) in indices.enumerated() {
    for c in 0..<width { target[Int(index) * width + c] += source[row * width + c] }
  }
}
