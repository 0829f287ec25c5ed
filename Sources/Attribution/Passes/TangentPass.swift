import CKernels
import Encoders
import Tensors

/// The derivative of everything along the path, dh/dalpha, by one forward pass over the tapes of a block; what a mask
/// closes does not move, and nothing moves by way of what is replaced.
struct TangentPass {
  let block: PointBlock
  /// For each sentence of the block.
  let masks: [PathMask]

  private var layout: PathLayout { block.layout }
  private var hidden: Int { block.hidden }

  /// - Parameters:
  ///   - row: called with l and dh^l, (tokens, d), for the last row (rows, d)
  ///   - heads: called with l, dz of layer l, (outputs, d), as it would be if no head were replaced, and the layer's tape
  func run(
    row: (Int, Floats) -> Void = { _, _ in }, heads: (Int, Floats, LayerTape) -> Void = { _, _, _ in }
  ) throws {
    var x = start()
    row(0, x)
    for layer in 0..<block.layers {
      let tape = try block.tape(layer)
      let contexts = try contextTangents(layer, x, tape)
      heads(layer, contexts, tape)
      let y = block.nextStream(after: x)
      try block.derivatives(layer).tokenTangent(
        context: contexts, skip: x, skipRows: skipRows(layer, tape), tape, at: nil, rows: tape.outputs,
        into: y)
      close(row: layer + 1, tape, y)
      x = y
      row(layer + 1, x)
    }
  }

  private func start() -> MutableFloats {
    let x = block.nextStream(after: nil)
    for (s, sentence) in layout.sentences.enumerated() {
      for p in 0..<sentence.length {
        let isOpen = (masks[s].word ?? p) == p && masks[s].isOpen(row: 0, position: p)
        for k in 0..<layout.points {
          let target = x + layout.token(s, k, p) * hidden
          if isOpen {
            target.update(from: block.delta.base + (layout.start(s) + p) * hidden, count: hidden)
          } else {
            target.update(repeating: 0, count: hidden)
          }
        }
      }
    }
    block.model.embeddings.norm.tangent(
      x, tapeRows: nil, rows: layout.tokens, normalized: block.inputNormalized.base,
      scale: block.inputScale.base, into: x)
    return x
  }

  /// dz, (outputs, d), with closed heads set to 0.
  private func contextTangents(_ layer: Int, _ x: Floats, _ tape: LayerTape) throws -> MutableFloats {
    let (d, tokens) = (hidden, layout.tokens)
    let projections = block.workspace.projections.floats(3 * tokens * d)
    let qkv = block.model.layers[layer].qkv
    let query = tape.isLast ? projections + 2 * tokens * d : projections
    let (queryStride, keyStride) = tape.isLast ? (d, 2 * d) : (3 * d, 3 * d)
    let key = tape.isLast ? projections : projections + d
    if tape.isLast {
      try qkv.multiply(x, rows: tokens, part: d..<3 * d, into: key, check: block.check)
      let targets = block.workspace.gathered.floats(tape.outputs * d)
      gather(x, layout.targetTokens, width: d, into: targets)
      try qkv.multiply(targets, rows: tape.outputs, part: 0..<d, into: query, check: block.check)
    } else {
      try qkv.multiply(x, rows: tokens, into: projections, check: block.check)
    }
    let contexts = block.workspace.context.floats(tape.outputs * d)
    layout.forEachRow(scratch: tape.scratch()) { s, k, scratch in
      var row = tape.attention(s, k)
      let (output, token) = (tape.firstOutput(s, k), layout.token(s, k, 0))
      let keys = key + token * keyStride
      ck_attention_tangent(
        &row, query + output * queryStride, queryStride, keys, keys + d, keyStride, contexts + output * d,
        scratch)
    }
    closeHeads(layer, tape, contexts)
    return contexts
  }

  /// Calls `body` for each output of a layer.
  private func forEachOutput(_ tape: LayerTape, _ body: (_ s: Int, _ k: Int, _ p: Int, _ output: Int) -> Void)
  {
    for (s, sentence) in layout.sentences.enumerated() {
      let positions = tape.isLast ? sentence.target..<sentence.target + 1 : 0..<sentence.length
      for k in 0..<layout.points {
        for p in positions { body(s, k, p, tape.output(s, k, p)) }
      }
    }
  }

  private func closeHeads(_ layer: Int, _ tape: LayerTape, _ contexts: MutableFloats) {
    guard masks.contains(where: { $0.isRestricted(layer: layer) }) else { return }
    let size = block.model.configuration.headSize
    forEachOutput(tape) { s, _, p, output in
      for head in 0..<layout.heads where !masks[s].isOpen(layer: layer, head: head, position: p) {
        (contexts + output * hidden + head * size).update(repeating: 0, count: size)
      }
    }
  }

  private func skipRows(_ layer: Int, _ tape: LayerTape) -> [Int32]? {
    guard tape.isLast || masks.contains(where: { $0.isRestricted(layer: layer) }) else { return nil }
    var rows = [Int32](repeating: -1, count: tape.outputs)
    forEachOutput(tape) { s, k, p, output in
      if masks[s].isOpen(layer: layer, skip: p) { rows[output] = Int32(layout.token(s, k, p)) }
    }
    return rows
  }

  private func close(row: Int, _ tape: LayerTape, _ x: MutableFloats) {
    guard masks.contains(where: { $0.isRestricted(row: row) }) else { return }
    forEachOutput(tape) { s, _, p, output in
      if !masks[s].isOpen(row: row, position: p) {
        (x + output * hidden).update(repeating: 0, count: hidden)
      }
    }
  }
}
