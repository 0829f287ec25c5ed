import CKernels
import Transformers
import Tensors

/// The derivative of everything along the path, dh/dalpha, by one forward pass over the tapes of a block; what a mask
/// closes does not move, and nothing moves by way of what is replaced.
struct TangentPass {
  let block: PointBlock
  /// For each sentence of the block.
  let masks: [PathMask]

  private var layout: PathLayout { block.layout }
  private var hidden: Int { block.hidden }
  private var queryWidth: Int { block.model.configuration.queryWidth }

  /// - Parameters:
  ///   - row: called with l and dh^l, (tokens, d), for the last row (rows, d)
  ///   - heads: called with l, dz of layer l, (outputs, d), as it would be if no head were replaced, and the layer's tape
  ///   - branches: called with l, the tangents of its feed-forward branch's output, (outputs, d), and the layer's tape, while the
  ///     workspace still holds those of its neurons
  func run(
    row: (Int, Floats) throws -> Void = { _, _ in },
    heads: (Int, Floats, BlockTape) throws -> Void = { _, _, _ in },
    branches: (Int, Floats, BlockTape) throws -> Void = { _, _, _ in }
  ) throws {
    var x = try start()
    try row(0, x)
    for layer in 0..<block.layers {
      let tape = try block.tape(layer)
      let contexts = block.workspace.context.floats(tape.outputs * queryWidth)
      try block.derivatives(layer).contextTangents(
        x, tape, closing: { closeProjections(layer, tape, queries: $0, keysAndValues: $1) }, into: contexts)
      closeHeads(layer, tape, contexts)
      try heads(layer, contexts, tape)
      let y = block.nextStream(after: x)
      let derivatives = block.derivatives(layer)
      let sums = try derivatives.branchTangents(
        context: contexts, skip: x, skipRows: skipRows(layer, tape), tape, at: nil, rows: tape.outputs,
        closing: closedRows(layer, tape))
      try branches(layer, sums.feedForward, tape)
      derivatives.join(sums, tape, at: nil, rows: tape.outputs, into: y)
      close(row: layer + 1, tape, y)
      x = y
      try row(layer + 1, x)
    }
  }

  private func start() throws -> MutableFloats {
    let x = block.nextStream(after: nil)
    var moving = [(token: Int, sentence: Int, position: Int)?](repeating: nil, count: layout.tokens)
    for (s, sentence) in layout.sentences.enumerated() {
      for p in 0..<sentence.length where (masks[s].word ?? p) == p && masks[s].isOpen(row: 0, position: p) {
        for k in 0..<layout.points {
          let token = layout.token(s, k, p)
          moving[token] = (token, s, p)
        }
      }
    }
    try block.inputTangents(moving, into: x)
    return x
  }

  /// Calls `body` for each output of a layer.
  private func forEachOutput(_ tape: BlockTape, _ body: (_ s: Int, _ k: Int, _ p: Int, _ output: Int) -> Void)
  {
    for (s, sentence) in layout.sentences.enumerated() {
      let positions = tape.isLast ? sentence.target..<sentence.target + 1 : 0..<sentence.length
      for k in 0..<layout.points {
        for p in positions { body(s, k, p, tape.output(s, k, p)) }
      }
    }
  }

  /// - Parameters:
  ///   - queries: (outputs, A dh), rows as the tape's
  ///   - keysAndValues: (tokens, 2 G dh), likewise
  private func closeProjections(
    _ layer: Int, _ tape: BlockTape, queries: MutableFloats, keysAndValues: MutableFloats
  ) {
    guard masks.contains(where: { $0.isRestricted(projectionsOf: layer) }) else { return }
    let configuration = block.model.configuration
    let keyHeads = 0..<configuration.keyHeads
    func close(_ s: Int, _ p: Int, _ parts: [Node.Component], _ row: MutableFloats) {
      let size = configuration.headSize
      for (place, part) in parts.enumerated() where !masks[s].isOpen(layer: layer, part, position: p) {
        (row + place * size).update(repeating: 0, count: size)
      }
    }
    let keys = keyHeads.map { Node.Component.key($0) } + keyHeads.map { .value($0) }
    forEachOutput(tape) { s, _, p, output in
      close(s, p, (0..<layout.heads).map { .query($0) }, queries + output * tape.queryStride)
    }
    for (s, sentence) in layout.sentences.enumerated() {
      for k in 0..<layout.points {
        for p in 0..<sentence.length {
          close(s, p, keys, keysAndValues + layout.token(s, k, p) * tape.keyStride)
        }
      }
    }
  }

  private func closeHeads(_ layer: Int, _ tape: BlockTape, _ contexts: MutableFloats) {
    guard masks.contains(where: { $0.isRestricted(layer: layer) }) else { return }
    let size = block.model.configuration.headSize
    forEachOutput(tape) { s, _, p, output in
      for head in 0..<layout.heads where !masks[s].isOpen(layer: layer, head: head, position: p) {
        (contexts + output * queryWidth + head * size).update(repeating: 0, count: size)
      }
    }
  }

  private func skipRows(_ layer: Int, _ tape: BlockTape) -> [Int32]? {
    guard tape.isLast || masks.contains(where: { $0.isRestricted(layer: layer) }) else { return nil }
    var rows = [Int32](repeating: -1, count: tape.outputs)
    forEachOutput(tape) { s, k, p, output in
      if masks[s].isOpen(layer: layer, skip: p) { rows[output] = Int32(layout.token(s, k, p)) }
    }
    return rows
  }

  private func closedRows(_ layer: Int, _ tape: BlockTape) -> BlockDerivatives.ClosedRows {
    var closed = BlockDerivatives.ClosedRows()
    guard masks.contains(where: { $0.isRestricted(feedForward: layer) }) else { return closed }
    forEachOutput(tape) { s, _, p, output in
      if !masks[s].isOpen(layer: layer, feedForward: p) { closed.feedForward.append(output) }
      if !masks[s].isOpen(layer: layer, feedForwardSkip: p) { closed.skip.append(output) }
    }
    return closed
  }

  private func close(row: Int, _ tape: BlockTape, _ x: MutableFloats) {
    guard masks.contains(where: { $0.isRestricted(row: row) }) else { return }
    forEachOutput(tape) { s, _, p, output in
      if !masks[s].isOpen(row: row, position: p) {
        (x + output * hidden).update(repeating: 0, count: hidden)
      }
    }
  }
}
