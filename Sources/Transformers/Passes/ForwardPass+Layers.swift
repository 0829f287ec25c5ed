import CKernels
import Tensors

extension ForwardPass {
  /// One layer.
  ///
  /// - Parameters:
  ///   - isNormed: Whether `workspace.normed` holds what the attention branch reads already.
  ///   - next: The norm before the next layer's attention: the sum and this norm are one kernel.
  /// - Returns: Where the layer's output is, and whether `workspace.normed` holds what the next layer reads.
  func run(
    _ index: Int, _ x: MutableFloats, isNormed: Bool, next: Norm?
  ) throws -> (MutableFloats, isNormed: Bool) {
    let branch = model.blocks[index].attention
    let tokens = layout.tokens
    capture.copy(x, to: .residPre, layer: index)
    let context = capture.pointer(.z, layer: index) ?? workspace.context
    if let start = startingContext(index) {
      start.context.gather(start.rows, into: context)
    } else {
      let projections = workspace.projections
      try branch.projection.multiply(
        attentionInput(index, x, isNormed: isNormed), rows: tokens, into: projections, isAlone: isAlone,
        check: check)
      let isFinished = finishProjections(index, projections)
      if let cache {
        try cache.attend(index, projections, into: context, check: check)
      } else {
        try attend(index, projections, isFinished: isFinished, into: context)
      }
    }
    return try afterAttention(index, context, residual: x, rows: tokens, next: next)
  }

  private func attend(
    _ index: Int, _ projections: Floats, isFinished: Bool, into context: MutableFloats
  ) throws {
    let branch = model.blocks[index].attention
    let (stride, keys) = (branch.projection.outputs, projections + branch.queryWidth)
    let operands = AttentionOperands(
      query: projections, queryStride: stride, key: keys, value: keys + branch.keyWidth,
      keyStride: stride, bias: isFinished ? branch.noBias : branch.projection.bias)
    let (scores, pattern) = (
      capture.pointer(.scores, layer: index), capture.pointer(.pattern, layer: index)
    )
    try branch.heads(
      operands, layout, context: context, scores: scores, pattern: pattern, check: check)
    let length = batch.length
    try branch.heads.cut(
      cuts.readers(of: index), operands, layout, place: { $0 * length + $1 }, context: context,
      scores: scores, pattern: pattern, check: check)
  }

  /// What the projection reads: the layer's input, normed where there is a norm.
  private func attentionInput(_ index: Int, _ x: MutableFloats, isNormed: Bool) -> Floats {
    let input: MutableFloats
    if let norm = model.blocks[index].norms.beforeAttention {
      if !isNormed { norm(x, rows: layout.tokens, into: workspace.normed) }
      input = workspace.normed
    } else {
      input = x
    }
    capture.copy(input, to: .attnIn, layer: index)
    return Floats(input)
  }

  /// Adds the biases and turns and replaces queries, keys and values, where that is to be done; else leaves the biases to the kernel.
  private func finishProjections(_ index: Int, _ projections: MutableFloats) -> Bool {
    let branch = model.blocks[index].attention
    let (tokens, stride) = (layout.tokens, branch.projection.outputs)
    guard !branch.turns.isEmpty || cache != nil || edits.replacesProjections(layer: index) else {
      captureProjections(index, projections)
      return false
    }
    branch.projection.addBias(to: projections, rows: tokens, into: projections)
    let keys = projections + branch.queryWidth
    func copy(_ kinds: (Site.Kind, Site.Kind)) {
      capture.copyRows(
        projections, stride: stride, rows: tokens, width: branch.queryWidth, to: kinds.0, layer: index)
      capture.copyRows(keys, stride: stride, rows: tokens, width: branch.keyWidth, to: kinds.1, layer: index)
    }
    copy((.qRaw, .kRaw))
    turnQueries(index, projections, stride: stride, rows: tokens, positions: places)
    turnKeys(index, keys, stride: stride)
    edits.apply(at: .queries(layer: index), to: projections, width: stride)
    edits.apply(at: .keysAndValues(layer: index), to: keys, width: stride)
    copy((.q, .k))
    capture.copyRows(
      keys + branch.keyWidth, stride: stride, rows: tokens, width: branch.keyWidth, to: .v, layer: index)
    return true
  }

  private func turnQueries(
    _ index: Int, _ queries: MutableFloats, stride: Int, rows: Int, positions: [Int32]
  ) {
    let branch = model.blocks[index].attention
    turn(branch.turns.queryNorm, layer: index, positions: positions).forward(
      HeadRows(queries, stride: stride, rows: rows, heads: branch.heads.heads, size: branch.heads.headSize))
  }

  private func turnKeys(_ index: Int, _ keys: MutableFloats, stride: Int) {
    let branch = model.blocks[index].attention
    turn(branch.turns.keyNorm, layer: index, positions: places).forward(
      HeadRows(
        keys, stride: stride, rows: layout.tokens, heads: branch.heads.keyHeads,
        size: branch.heads.headSize))
  }

  private func captureProjections(_ index: Int, _ projections: Floats) {
    let branch = model.blocks[index].attention
    let bias = branch.projection.bias.pointer
    var start = 0
    for (kind, width) in [
      (Site.Kind.q, branch.queryWidth), (.k, branch.keyWidth), (.v, branch.keyWidth),
    ] {
      if let target = capture.pointer(kind, layer: index) {
        ck_add_bias(
          projections + start, branch.projection.outputs, bias + start, target, layout.tokens, width)
      }
      start += width
    }
  }

  /// The context vectors that a run starts from, at the layer that it starts with.
  private func startingContext(_ index: Int) -> (context: Tensor, rows: [Int])? {
    guard let start = request.start, start.layer == index, let context = start.context else { return nil }
    let sites: [Site.Kind] = [.attnIn, .qRaw, .kRaw, .q, .k, .v, .scores, .pattern]
    precondition(
      !sites.contains { capture.contains(Site($0, layer: index)) },
      "the attention of the first layer is not run")
    return (context, start.rows)
  }

  /// The last layer at the tokens of `selection` only; returns where its output (selection, d) is.
  func runSelected(
    _ index: Int, _ x: MutableFloats, isNormed: Bool, _ selection: [Int]
  ) throws -> MutableFloats {
    let branch = model.blocks[index].attention
    let residual = gather(x, selection, width: hidden)
    defer { withExtendedLifetime(residual) {} }
    let rows = Dictionary(uniqueKeysWithValues: zip(selection, selection.indices))
    if let start = startingContext(index) {
      let tokens = selection.map { start.rows[$0 / batch.length] * batch.length + $0 % batch.length }
      let context = gather(start.context.pointer, tokens, width: branch.queryWidth)
      defer { withExtendedLifetime(context) {} }
      return try afterAttention(
        index, context.base, residual: residual.base, rows: selection.count, places: rows, next: nil
      ).0
    }
    let input = attentionInput(index, x, isNormed: isNormed)
    let (keys, keyStride) = (workspace.projections, 2 * branch.keyWidth)
    let queries = keys + layout.tokens * keyStride
    try branch.projection.multiply(
      input, rows: layout.tokens, part: branch.keysAndValues, into: keys, check: check)
    let own = input == Floats(x) ? residual : gather(input, selection, width: hidden)
    defer { withExtendedLifetime(own) {} }
    try branch.projection.multiply(
      own.base, rows: selection.count, part: branch.queries, into: queries, check: check)
    let isFinished = finishSelected(index, queries, keys, selection, rows)
    let operands = AttentionOperands(
      query: queries, queryStride: branch.queryWidth, key: keys, value: keys + branch.keyWidth,
      keyStride: keyStride, bias: isFinished ? branch.noBias : branch.projection.bias)
    try branch.heads(
      operands, AttentionLayout(layout, selection: selection), context: workspace.context, scores: nil,
      pattern: nil, check: check)
    let length = batch.length
    try branch.heads.cut(
      cuts.readers(of: index), operands, layout, place: { rows[$0 * length + $1] },
      context: workspace.context, scores: nil, pattern: nil, check: check)
    return try afterAttention(
      index, workspace.context, residual: residual.base, rows: selection.count, places: rows, next: nil
    ).0
  }

  private func finishSelected(
    _ index: Int, _ queries: MutableFloats, _ keys: MutableFloats, _ selection: [Int], _ rows: [Int: Int]
  ) -> Bool {
    let branch = model.blocks[index].attention
    guard !branch.turns.isEmpty || edits.replacesProjections(layer: index) else { return false }
    branch.projection.addBias(branch.queries, to: queries, rows: selection.count, into: queries)
    branch.projection.addBias(branch.keysAndValues, to: keys, rows: layout.tokens, into: keys)
    turnQueries(
      index, queries, stride: branch.queryWidth, rows: selection.count,
      positions: selection.map { places[$0] })
    turnKeys(index, keys, stride: 2 * branch.keyWidth)
    edits.apply(at: .queries(layer: index), to: queries, width: branch.queryWidth, places: rows)
    edits.apply(at: .keysAndValues(layer: index), to: keys, width: 2 * branch.keyWidth)
    return true
  }
}

// MARK: Behind the heads
extension ForwardPass {
  /// From z (rows, A dh) to the layer's output, with what replaces them in between.
  ///
  /// - Parameter places: The row of each token; nil when they are the same.
  private func afterAttention(
    _ index: Int, _ context: MutableFloats, residual: Floats, rows: Int, places: [Int: Int]? = nil,
    next: Norm?
  ) throws -> (MutableFloats, isNormed: Bool) {
    let block = model.blocks[index]
    edits.apply(
      at: .context(layer: index), to: context, width: block.attention.queryWidth, places: places)
    let sum = try branchOutput(
      block.attention.output, block.norms.afterAttention, context, rows: rows,
      at: .attention(layer: index), places, captured: capture.pointer(.attnOut, layer: index))
    let skip = edited(.skip(layer: index), residual, rows: rows, places)
    defer { withExtendedLifetime(skip) {} }
    let x = skip.map { Floats($0.base) } ?? residual
    let (mid, input) =
      block.isParallel
      ? try parallelMid(index, sum, x, rows: rows, places)
      : sequentialMid(index, sum, x, rows: rows)
    let branch = try feedForward(index, input, rows: rows, places)
    return output(index, branch, mid, rows: rows, places, next: next)
  }

  /// A product with its bias: as `sum` and `bias` apart, unless a norm needs them together.
  private struct BranchOutput {
    let sum: MutableFloats
    let bias: Tensor?
  }

  /// What a branch adds to the stream, in `workspace.sum`.
  private func branchOutput(
    _ linear: Linear, _ norm: Norm?, _ x: Floats, rows: Int, at point: EditPoint, _ places: [Int: Int]?,
    captured: MutableFloats?
  ) throws -> BranchOutput {
    let sum = workspace.sum
    try linear.multiply(x, rows: rows, into: sum, isAlone: isAlone, check: check)
    if let norm {
      linear.addBias(to: sum, rows: rows, into: sum)
      norm(sum, rows: rows, into: sum)
      edits.apply(at: point, to: sum, width: hidden, places: places)
      captured?.update(from: sum, count: rows * hidden)
      return BranchOutput(sum: sum, bias: nil)
    }
    edits.apply(at: point, to: sum, width: hidden, minus: linear.bias, places: places)
    if let captured { linear.addBias(to: sum, rows: rows, into: captured) }
    return BranchOutput(sum: sum, bias: linear.bias)
  }

  /// y, and what the feed-forward branch reads of it.
  private func sequentialMid(
    _ index: Int, _ branch: BranchOutput, _ x: Floats, rows: Int
  ) -> (mid: MutableFloats, input: Floats) {
    let norms = model.blocks[index].norms
    let mid = capture.pointer(.residMid, layer: index) ?? workspace.mid
    if let norm = norms.attentionSum {
      norm(
        branch.sum, bias: branch.bias, residual: x, rows: rows,
        raw: capture.pointer(.residMidRaw, layer: index) ?? branch.sum, into: mid)
      return (mid, Floats(mid))
    }
    guard let norm = norms.beforeFeedForward else {
      addRows(branch.sum, bias: branch.bias, residual: x, rows: rows, width: hidden, into: mid)
      return (mid, Floats(mid))
    }
    norm(branch.sum, bias: branch.bias, residual: x, rows: rows, raw: mid, into: workspace.normed)
    return (mid, Floats(workspace.normed))
  }

  /// x with the attention branch, and what the feed-forward branch reads of x.
  private func parallelMid(
    _ index: Int, _ branch: BranchOutput, _ x: Floats, rows: Int, _ places: [Int: Int]?
  ) throws -> (mid: MutableFloats, input: Floats) {
    let copy = edited(.feedForwardSkip(layer: index), x, rows: rows, places)
    defer { withExtendedLifetime(copy) {} }
    addRows(
      branch.sum, bias: branch.bias, residual: copy.map { Floats($0.base) } ?? x, rows: rows, width: hidden,
      into: workspace.mid)
    guard let norm = model.blocks[index].norms.beforeFeedForward else { return (workspace.mid, x) }
    norm(x, rows: rows, into: workspace.normed)
    return (workspace.mid, Floats(workspace.normed))
  }

  private func feedForward(
    _ index: Int, _ input: Floats, rows: Int, _ places: [Int: Int]?
  ) throws -> BranchOutput {
    let block = model.blocks[index]
    let branch = block.feedForward
    if let target = capture.pointer(.mlpIn, layer: index) {
      target.update(from: input, count: rows * hidden)
    }
    let post =
      capture.pointer(.mlpPost, layer: index) ?? (branch.isGated ? workspace.gated : workspace.wide)
    try branch.activate(
      input, rows: rows, wide: branch.isGated ? workspace.wide : post,
      FeedForward.Captured(
        pre: capture.pointer(.mlpPre, layer: index), gate: capture.pointer(.mlpGate, layer: index),
        up: capture.pointer(.mlpUp, layer: index)), into: post, isAlone: isAlone, check: check)
    edits.apply(at: .neurons(layer: index), to: post, width: branch.intermediate, places: places)
    return try branchOutput(
      branch.down, block.norms.afterFeedForward, post, rows: rows, at: .feedForward(layer: index), places,
      captured: capture.pointer(.mlpOut, layer: index))
  }

  /// The layer's output.
  private func output(
    _ index: Int, _ branch: BranchOutput, _ mid: MutableFloats, rows: Int, _ places: [Int: Int]?,
    next: Norm?
  ) -> (MutableFloats, isNormed: Bool) {
    let block = model.blocks[index]
    let skip = block.isParallel ? nil : edited(.feedForwardSkip(layer: index), mid, rows: rows, places)
    defer { withExtendedLifetime(skip) {} }
    let residual = Floats(skip?.base ?? mid)
    let output = capture.pointer(.residPost, layer: index) ?? workspace.stream
    let point = EditPoint.block(layer: index)
    if let norm = block.norms.feedForwardSum {
      norm(
        branch.sum, bias: branch.bias, residual: residual, rows: rows,
        raw: capture.pointer(.residPostRaw, layer: index) ?? branch.sum, into: output)
    } else if let next, edits.edits(at: point).isEmpty {
      next(
        branch.sum, bias: branch.bias, residual: residual, rows: rows, raw: output, into: workspace.normed)
      return (output, true)
    } else {
      addRows(branch.sum, bias: branch.bias, residual: residual, rows: rows, width: hidden, into: output)
    }
    edits.apply(at: point, to: output, width: hidden, places: places)
    return (output, false)
  }

  /// A copy of (rows, d) with what replaces some of them; nil when nothing does.
  private func edited(_ point: EditPoint, _ x: Floats, rows: Int, _ places: [Int: Int]?) -> Storage? {
    guard !edits.edits(at: point).isEmpty else { return nil }
    let copy = Storage(uninitializedCount: rows * hidden)
    copy.base.update(from: x, count: rows * hidden)
    edits.apply(at: point, to: copy.base, width: hidden, places: places)
    return copy
  }
}
