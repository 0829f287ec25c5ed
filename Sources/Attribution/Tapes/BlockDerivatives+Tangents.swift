import CKernels
import Faults
import Tensors
import Transformers

extension BlockDerivatives {
  /// From tangents of all tokens x (tokens, d) to those of z (outputs, A dh).
  ///
  /// - Parameter close: sets tangents of queries (outputs, A dh) and of keys and values (tokens, 2 G dh) to 0, rows as the tape's
  func contextTangents(
    _ x: Floats, _ tape: BlockTape,
    closing close: (_ queries: MutableFloats, _ keysAndValues: MutableFloats) -> Void = { _, _ in },
    into contexts: MutableFloats
  ) throws {
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
    close(query, key)
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
    let d = hidden
    tape.closed?.closeContexts(context, at: tapeRows, rows: rows, width: queryWidth)
    let skipRows = tape.closed.map { $0.openSkips(skipRows, at: tapeRows, rows: rows) } ?? skipRows
    let (sum, mid) = (workspace.sum.floats(rows * d), workspace.mid.floats(rows * d))
    try branch.output.multiply(context, rows: rows, into: sum, check: check)
    let residualRows =
      block.isParallel ? openResiduals(skipRows, tape, at: tapeRows, rows: rows, closedRows) : skipRows
    addSkips(skip, residualRows, to: sum, tape, at: tapeRows, rows: rows, into: mid)
    let input = block.isParallel ? gatheredSkips(skip, skipRows, rows: rows) : Floats(mid)
    try feedForwardTangent(input, tape, at: tapeRows, rows: rows, into: sum)
    for row in closedRows.feedForward { (sum + row * d).update(repeating: 0, count: d) }
    if !block.isParallel {
      tape.closed?.closeFeedForwardSkips(mid, at: tapeRows, rows: rows, width: d)
      for row in closedRows.skip { (mid + row * d).update(repeating: 0, count: d) }
    }
    return Branches(mid: mid, feedForward: sum)
  }

  /// The tangent of the sum of the attention branch `sum` (rows, d), overwritten, and its skip connections; of y but in parallel
  /// blocks.
  func addSkips(
    _ skip: Floats, _ skipRows: [Int32]?, to sum: MutableFloats, _ tape: BlockTape, at tapeRows: [Int32]?,
    rows: Int, into mid: MutableFloats
  ) {
    let norms = block.norms
    if let norm = norms.afterAttention, let own = tape.norms.afterAttention {
      norm.tangent(sum, tapeRows: tapeRows, rows: rows, own, into: sum)
    }
    if let norm = norms.attentionSum, let own = tape.norms.attentionSum {
      norm.tangent(
        sum, residual: skip, residualRows: skipRows, tapeRows: tapeRows, rows: rows, own, into: mid)
    } else {
      addRows(sum, residual: skip, residualRows: skipRows, rows: rows, width: hidden, into: mid)
    }
  }

  private func gatheredSkips(_ skip: Floats, _ skipRows: [Int32]?, rows: Int) -> Floats {
    guard let skipRows else { return skip }
    let gathered = workspace.own.floats(rows * hidden)
    gather(skip, skipRows, width: hidden, into: gathered)
    return Floats(gathered)
  }

  /// The feed-forward branch with its norms.
  func feedForwardTangent(
    _ x: Floats, _ tape: BlockTape, at tapeRows: [Int32]?, rows: Int, into y: MutableFloats
  ) throws {
    let branch = block.feedForward
    var input = x
    if let norm = block.norms.beforeFeedForward, let own = tape.norms.beforeFeedForward {
      let normed = workspace.normed.floats(rows * hidden)
      norm.tangent(x, tapeRows: tapeRows, rows: rows, own, into: normed)
      input = Floats(normed)
    }
    try branch.tangent(
      input, rows: rows, slopes: tape.slopes, tapeRows: tapeRows,
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

  /// The same of the one branch that each row goes through, (rows, d).
  func join(_ x: Floats, _ tape: BlockTape, at tapeRows: [Int32], into y: MutableFloats) {
    let rows = tapeRows.count
    if let norm = block.norms.feedForwardSum, let own = tape.norms.feedForwardSum {
      norm.tangent(x, tapeRows: tapeRows, rows: rows, own, into: y)
    } else {
      y.update(from: x, count: rows * hidden)
    }
    tape.closed?.closeBlocks(y, at: tapeRows, rows: rows, width: hidden)
  }
}
