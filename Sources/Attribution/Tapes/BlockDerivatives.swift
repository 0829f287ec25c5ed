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
  /// Of this layer.
  let cuts: [CutPlan.Reader]
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

  /// Tangents of queries (rows, A dh) and of keys (rows, G dh), behind which their values are in the same rows, from before the
  /// turns of queries and keys to after them, and gradients back; 0 for what is replaced.
  ///
  /// - Parameters:
  ///   - tokens: of the rows; nil when they are all tokens
  ///   - outputs: of the rows of queries; nil when they are all outputs
  func turnTangents(ofQueries x: HeadRows, _ tape: BlockTape, tokens: [Int32]?, outputs: [Int32]?) {
    turn(branch.turns.queryNorm).tangent(
      x, positionRows: tokens, tapeRows: outputs, tape.norms.queries)
    closeQueries(x, tape, outputs: outputs)
  }

  func turnTangents(ofKeys x: HeadRows, _ tape: BlockTape, tokens: [Int32]?) {
    turn(branch.turns.keyNorm).tangent(x, positionRows: tokens, tapeRows: tokens, tape.norms.keys)
    closeKeysAndValues(x, tape, tokens: tokens)
  }

  func turnGradients(ofQueries x: HeadRows, _ tape: BlockTape, tokens: [Int32]?, outputs: [Int32]?) {
    closeQueries(x, tape, outputs: outputs)
    turn(branch.turns.queryNorm).gradient(
      x, positionRows: tokens, tapeRows: outputs, tape.norms.queries)
  }

  func turnGradients(ofKeys x: HeadRows, _ tape: BlockTape, tokens: [Int32]?) {
    closeKeysAndValues(x, tape, tokens: tokens)
    turn(branch.turns.keyNorm).gradient(x, positionRows: tokens, tapeRows: tokens, tape.norms.keys)
  }

  private func closeQueries(_ x: HeadRows, _ tape: BlockTape, outputs: [Int32]?) {
    tape.closed?.closeQueries(
      x.values, columns: 0..<queryWidth, stride: x.stride, at: outputs, rows: x.rows)
  }

  private func closeKeysAndValues(_ x: HeadRows, _ tape: BlockTape, tokens: [Int32]?) {
    tape.closed?.closeKeysAndValues(
      x.values, columns: 0..<2 * keyWidth, stride: x.stride, at: tokens, rows: x.rows)
  }

  /// Where queries and keys lie in memory shaped as the tape's.
  func divide(
    _ projections: MutableFloats, _ tape: BlockTape
  ) -> (query: MutableFloats, key: MutableFloats) {
    tape.isLast
      ? (projections + layout.tokens * tape.keyStride, projections) : (projections, projections + queryWidth)
  }
}
