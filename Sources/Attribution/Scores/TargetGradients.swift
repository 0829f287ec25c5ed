import Tensors
import Transformers

/// Of the targets of residual edges in one layer dQ/d(what a target reads), through the target alone, its norm included.
struct TargetGradients {
  let block: PointBlock
  let workspace: DerivativeWorkspace
  private let query = Buffer()
  private let key = Buffer()
  private let result = Buffer()

  init(_ block: PointBlock, _ workspace: DerivativeWorkspace) {
    (self.block, self.workspace) = (block, workspace)
  }

  /// - Parameter body: called with each target's place in the layer, its gradients (rows, d), and whether there is a row for each
  ///   sentence and point alone
  func forEachTarget(
    _ layer: Int, _ body: (_ place: Int, Floats, _ isTargetOnly: Bool) throws -> Void
  ) throws {
    let tape = try block.tape(layer, gradients: true)
    let derivatives = block.derivatives(layer, in: workspace)
    let (branch, norms) = (derivatives.branch, derivatives.block.norms)
    let (d, width, size) = (block.hidden, derivatives.queryWidth, branch.heads.headSize)
    let (heads, tokens) = (branch.heads.heads, block.layout.tokens)
    let queries = query.floats(tape.outputs * width)
    let keys = key.floats(tokens * 2 * width)
    derivatives.headGradients(tape, query: queries, key: keys)
    derivatives.turnHeadGradients(tape, query: queries, key: keys)
    for place in 0..<3 * heads {
      let isQuery = place < heads
      let rows = isQuery ? tape.outputs : tokens
      let values = result.floats(tokens * d)
      let outputs = branch.outputs(ofTarget: place)
      try BLAS.multiply(
        isQuery ? queries + place * size : keys + (place - heads) * size,
        stride: isQuery ? width : 2 * width, rows: rows, inner: size,
        by: branch.projection.weight.pointer + outputs.lowerBound * d, .plain, columns: d, into: values,
        check: block.check)
      if let norm = norms.beforeAttention, let own = tape.norms.beforeAttention {
        norm.gradient(
          values, tapeRows: isQuery ? tape.tokensOfOutputs : nil, rows: rows, own, into: values)
      }
      try body(place, values, isQuery && tape.isLast)
    }
    let values = result.floats(tokens * d)
    let g = derivatives.sumGradient(block.outputGradient(layer), tape, at: nil, rows: tape.outputs)
    try derivatives.feedForwardGradient(g, tape, at: nil, rows: tape.outputs, into: values)
    if let norm = norms.beforeFeedForward, let own = tape.norms.beforeFeedForward {
      norm.gradient(values, tapeRows: nil, rows: tape.outputs, own, into: values)
    }
    try body(3 * heads, values, tape.isLast)
  }
}
