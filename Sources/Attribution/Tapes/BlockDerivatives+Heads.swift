import Tensors
import Transformers

/// Derivatives by way of one head, where that is all that a pattern goes through: a head's share of the products.
extension BlockDerivatives {
  private func headRows(_ x: MutableFloats, _ rows: Int) -> HeadRows {
    HeadRows(x, stride: branch.heads.headSize, rows: rows, heads: 1, size: branch.heads.headSize)
  }

  /// The rows of the tape of a norm of heads, which has one for each head of a row.
  private func queryTapeRows(_ outputs: [Int32], _ head: Int) -> [Int32] {
    outputs.map { $0 * Int32(branch.heads.heads) + Int32(head) }
  }

  private func keyTapeRows(_ tokens: [Int32], _ head: Int) -> [Int32] {
    let keyHead = branch.heads.keyColumn(of: head) / branch.heads.headSize
    return tokens.map { $0 * Int32(branch.heads.keyHeads) + Int32(keyHead) }
  }

  /// Tangents of one head's queries or of the keys and values that it reads, (rows, dh) each, from before their turn to after it,
  /// and gradients back; 0 for what is replaced.
  func turnTangents(
    ofQueries x: MutableFloats, of head: Int, _ tape: BlockTape, tokens: [Int32], outputs: [Int32]
  ) {
    turn(branch.turns.queryNorm).tangent(
      headRows(x, tokens.count), positionRows: tokens, tapeRows: queryTapeRows(outputs, head),
      tape.norms.queries)
    closeQueries(x, of: head, tape, outputs: outputs)
  }

  func turnTangents(
    ofKeys x: MutableFloats, values: MutableFloats, of head: Int, _ tape: BlockTape, tokens: [Int32]
  ) {
    turn(branch.turns.keyNorm).tangent(
      headRows(x, tokens.count), positionRows: tokens, tapeRows: keyTapeRows(tokens, head), tape.norms.keys)
    closeKeys(x, values: values, of: head, tape, tokens: tokens)
  }

  func turnGradients(
    ofQueries x: MutableFloats, of head: Int, _ tape: BlockTape, tokens: [Int32], outputs: [Int32]
  ) {
    closeQueries(x, of: head, tape, outputs: outputs)
    turn(branch.turns.queryNorm).gradient(
      headRows(x, tokens.count), positionRows: tokens, tapeRows: queryTapeRows(outputs, head),
      tape.norms.queries)
  }

  func turnGradients(
    ofKeys x: MutableFloats, values: MutableFloats, of head: Int, _ tape: BlockTape, tokens: [Int32]
  ) {
    closeKeys(x, values: values, of: head, tape, tokens: tokens)
    turn(branch.turns.keyNorm).gradient(
      headRows(x, tokens.count), positionRows: tokens, tapeRows: keyTapeRows(tokens, head), tape.norms.keys)
  }

  private func closeQueries(_ x: MutableFloats, of head: Int, _ tape: BlockTape, outputs: [Int32]) {
    let columns = branch.parts(of: head).query
    tape.closed?.closeQueries(x, columns: columns, stride: columns.count, at: outputs, rows: outputs.count)
  }

  private func closeKeys(
    _ x: MutableFloats, values: MutableFloats, of head: Int, _ tape: BlockTape, tokens: [Int32]
  ) {
    let (size, first) = (branch.heads.headSize, branch.heads.keyColumn(of: head))
    for (x, column) in [(x, first), (values, first + keyWidth)] {
      tape.closed?.closeKeysAndValues(
        x, columns: column..<column + size, stride: size, at: tokens, rows: tokens.count)
    }
  }

  /// From the gradient of what the attention branch is added to (rows, d) to that of one head's context, (rows, dh).
  func contextGradient(
    _ g: Floats, of head: Int, _ tape: BlockTape, at tapeRows: [Int32], into context: MutableFloats
  ) throws {
    var g = g
    let (rows, columns) = (tapeRows.count, branch.parts(of: head).query)
    if let norm = block.norms.afterAttention, let own = tape.norms.afterAttention {
      let sum = workspace.sum.floats(rows * hidden)
      norm.gradient(g, tapeRows: tapeRows, rows: rows, own, into: sum)
      g = Floats(sum)
    }
    try branch.output.multiplyTransposed(g, rows: rows, inputs: columns, into: context, check: check)
    tape.closed?.closeHead(context, columns: columns, at: tapeRows, rows: rows)
  }

  /// From the tangent of one head's context (rows, dh) to that of the attention branch before the norm that follows it, (rows, d).
  func outputTangent(
    _ context: MutableFloats, of head: Int, _ tape: BlockTape, at tapeRows: [Int32], into y: MutableFloats
  ) throws {
    let columns = branch.parts(of: head).query
    tape.closed?.closeHead(context, columns: columns, at: tapeRows, rows: tapeRows.count)
    try branch.output.multiply(context, rows: tapeRows.count, inputs: columns, into: y, check: check)
  }
}
