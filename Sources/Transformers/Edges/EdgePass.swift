import Faults
import Tensors

/// A forward pass of a pre-norm model that keeps the summands of the residual stream apart: what each source wrote, (n, d), and
/// what each target reads.
///
/// With edges from a counterfactual a target v reads x + sum over its edges (u, v) of (u in the counterfactual run - u now), and
/// everything after it is computed again: path patching (Wang et al., "Interpretability in the Wild", ICLR 2023; Goldowsky-Dill
/// et al., "Localizing Model Behavior with Path Patching", 2023).
///
/// - Complexity: about 1.5 forward passes where every target has edges; of S sources and T targets the sums take S T n d / 2
///   multiply-adds.
package struct EdgePass {
  let model: Transformer
  package let space: EdgeSpace
  let batch: TokenBatch
  let layout: AttentionLayout
  let check: InterruptionCheck
  private let tables: [Rotary: RotaryTable]
  private let places: [Int32]

  /// - Throws: ``EdgeFault``, ``TransformerFault`` for what the model cannot take.
  package init(_ model: Transformer, _ batch: TokenBatch, check: @escaping InterruptionCheck) throws {
    space = try EdgeSpace(model.configuration)
    try batch.validate(for: model.configuration)
    (self.model, self.batch, self.check) = (model, batch, check)
    layout = AttentionLayout(rows: batch.rows, length: batch.length, mask: batch.mask)
    tables = model.configuration.rotaryTables(length: batch.length)
    places = batch.places
  }

  var hidden: Int { model.configuration.hidden }
  var tokens: Int { layout.tokens }
  /// Floats of what a source wrote in a row.
  private var summand: Int { batch.length * hidden }

  /// What each source writes: (B, S, n, d).
  ///
  /// - Parameter words: word embeddings (B, n, e) instead of those of the ids
  package func sources(words: Tensor? = nil) throws -> Tensor {
    let result = Storage(uninitializedCount: batch.rows * space.sourceCount * summand)
    _ = try run(words: words, edges: nil) { source, values in
      for row in 0..<batch.rows {
        (result.base + (row * space.sourceCount + source) * summand).update(
          from: values + row * summand, count: summand)
      }
    }
    return Tensor(shape: [batch.rows, space.sourceCount, batch.length, hidden], storage: result)
  }

  /// Last hidden states after the final norm, (wanted, d), with some edges of each row from a counterfactual.
  ///
  /// - Parameters:
  ///   - wanted: which tokens
  ///   - edges: for each row
  ///   - counterfactual: (R, S, n, d), as ``sources(words:)`` gives them
  ///   - rows: for each row of the batch that of the counterfactual
  package func states(
    at wanted: [(row: Int, position: Int)], edges: [EdgeSet], counterfactual: Tensor, rows: [Int],
    words: Tensor? = nil
  ) throws -> Tensor {
    precondition(edges.count == batch.rows && rows.count == batch.rows, "edges for each row")
    let changes = EdgeChanges(edges, counterfactual, rows: rows, length: batch.length, hidden: hidden)
    let states = try run(words: words, edges: changes) { changes.wrote($0, $1) }
    defer { withExtendedLifetime(states) {} }
    let result = Storage(uninitializedCount: wanted.count * hidden)
    for (place, token) in wanted.enumerated() {
      let target = result.base + place * hidden
      target.update(
        from: states.base + (token.row * batch.length + token.position) * hidden, count: hidden)
      changes.addOutput(to: target, row: token.row, position: token.position)
    }
    model.finalNorm?(result.base, rows: wanted.count, into: result.base)
    return Tensor(shape: [wanted.count, hidden], storage: result)
  }

  /// Floats that a pass of `rows` rows takes, edges and the counterfactual of each row included.
  package static func floats(
    _ c: TransformerConfiguration, _ space: EdgeSpace, rows: Int, length: Int
  ) -> Int {
    let perToken =
      c.hidden * (2 * space.sourceCount + 3 * c.heads + 6) + 4 * c.queryWidth
      + (c.blocks.isGated ? 3 : 1) * c.intermediate
    return rows * length * perToken
  }

  // MARK: Layers

  /// h^L, (tokens, d).
  private func run(
    words: Tensor?, edges: EdgeChanges?, wrote: (_ source: Int, Floats) -> Void
  ) throws -> Storage {
    let (x, mid, out) = (rows(hidden), rows(hidden), rows(hidden))
    try embed(words, into: x.base)
    wrote(0, x.base)
    for layer in 0..<model.blocks.count {
      let block = model.blocks[layer]
      let first = space.written(before: layer)
      let context = rows(block.attention.queryWidth)
      try attend(layer, x.base, edges, into: context.base)
      mid.base.update(from: x.base, count: tokens * hidden)
      block.attention.output.addBias(to: mid.base, rows: tokens, into: mid.base)
      for head in 0..<space.heads {
        try write(head, of: block.attention, context.base, into: out.base)
        wrote(first + head, out.base)
        addRows(mid.base, residual: Floats(out.base), rows: tokens, width: hidden, into: mid.base)
      }
      try feedForward(layer, reading: block.isParallel ? x.base : mid.base, edges, into: out.base)
      wrote(first + space.heads, out.base)
      addRows(mid.base, residual: Floats(out.base), rows: tokens, width: hidden, into: x.base)
    }
    return x
  }

  private func rows(_ width: Int) -> Storage { Storage(uninitializedCount: tokens * width) }

  private func embed(_ words: Tensor?, into x: MutableFloats) throws {
    let embeddings = model.embeddings
    let raw = embeddings.projection == nil ? nil : rows(embeddings.width)
    defer { withExtendedLifetime(raw) {} }
    let target = raw?.base ?? x
    if words == nil { embeddings.gather(batch.ids, into: target) }
    try embeddings(
      words: words?.pointer ?? Floats(target), positionRows: batch.positionRows(embeddings),
      typeIDs: batch.types,
      raw: target, into: x, check: check)
  }

  /// What a head writes: its context through its columns of the output projection.
  private func write(
    _ head: Int, of branch: AttentionBranch, _ context: Floats, into out: MutableFloats
  ) throws {
    let (size, width) = (branch.heads.headSize, branch.queryWidth)
    try BLAS.multiply(
      context + head * size, stride: width, rows: tokens, inner: size,
      by: branch.output.weight.pointer + head * size, .transposed, factorStride: width, columns: hidden,
      into: out,
      check: check)
  }

  private func feedForward(
    _ layer: Int, reading x: Floats, _ edges: EdgeChanges?, into out: MutableFloats
  ) throws {
    let (block, branch) = (model.blocks[layer], model.blocks[layer].feedForward)
    let input = rows(hidden)
    input.base.update(from: x, count: tokens * hidden)
    let target = layer * (3 * space.heads + 1) + 3 * space.heads
    try edges?.add(to: input.base, targets: [target], check: check)
    block.norms.beforeFeedForward?(input.base, rows: tokens, into: input.base)
    let wide = rows(branch.up.outputs)
    let post = branch.isGated ? rows(branch.intermediate) : wide
    try branch.activate(
      input.base, rows: tokens, wide: wide.base, FeedForward.Captured(), into: post.base, check: check)
    try branch.down(post.base, rows: tokens, into: out, check: check)
  }

  // MARK: Heads

  /// z, (tokens, A dh): each head with queries, keys and values of its own.
  private func attend(
    _ layer: Int, _ x: Floats, _ edges: EdgeChanges?, into context: MutableFloats
  ) throws {
    let (branch, norm) = (model.blocks[layer].attention, model.blocks[layer].norms.beforeAttention)
    let width = branch.queryWidth
    let projections = rows(3 * width)
    let first = layer * (3 * space.heads + 1)
    let changed = edges?.changed(among: first..<first + 3 * space.heads) ?? []
    if changed.count < 3 * space.heads {
      try project(x, branch, norm, into: projections.base)
    }
    if let edges, !changed.isEmpty {
      let inputs = Storage(uninitializedCount: changed.count * tokens * hidden)
      for place in changed.indices {
        (inputs.base + place * tokens * hidden).update(from: x, count: tokens * hidden)
      }
      try edges.add(to: inputs.base, targets: changed, check: check)
      norm?(inputs.base, rows: changed.count * tokens, into: inputs.base)
      for (place, target) in changed.enumerated() {
        try project(
          inputs.base + place * tokens * hidden, target - first, branch, into: projections.base)
      }
    }
    turn(layer, projections.base)
    let heads = branch.heads
    let own = Attention(
      heads: heads.heads, headSize: heads.headSize, scale: heads.scale, cap: heads.cap, mask: heads.mask)
    try own(
      AttentionOperands(
        query: projections.base, queryStride: 3 * width, key: projections.base + width,
        value: projections.base + 2 * width, keyStride: 3 * width,
        bias: Tensor(shape: [3 * width], repeating: 0)),
      layout, context: context, scores: nil, pattern: nil, check: check)
  }

  /// Queries, keys and values (tokens, 3 A dh) of one input, keys and values again for each query head.
  private func project(
    _ x: Floats, _ branch: AttentionBranch, _ norm: Norm?, into projections: MutableFloats
  ) throws {
    let (width, packed) = (branch.queryWidth, branch.projection.outputs)
    let (input, values) = (rows(hidden), rows(packed))
    if let norm {
      norm(x, rows: tokens, into: input.base)
    } else {
      input.base.update(from: x, count: tokens * hidden)
    }
    try branch.projection(input.base, rows: tokens, into: values.base, check: check)
    let size = branch.heads.headSize
    for token in 0..<tokens {
      let (source, target) = (values.base + token * packed, projections + token * 3 * width)
      target.update(from: source, count: width)
      for head in 0..<space.heads {
        let key = source + width + branch.heads.keyColumn(of: head)
        (target + width + head * size).update(from: key, count: size)
        (target + 2 * width + head * size).update(from: key + branch.keyWidth, count: size)
      }
    }
  }

  /// One of them of a head, (tokens, dh), from what it reads.
  ///
  /// - Parameter place: of the target among those of the layer
  private func project(
    _ input: Floats, _ place: Int, _ branch: AttentionBranch, into projections: MutableFloats
  ) throws {
    let (size, width) = (branch.heads.headSize, branch.queryWidth)
    let outputs = branch.outputs(ofTarget: place)
    let target = projections + place * size
    try BLAS.multiply(
      input, rows: tokens, inner: hidden,
      by: branch.projection.weight.pointer + outputs.lowerBound * hidden, .transposed, columns: size,
      into: target, resultStride: 3 * width, check: check)
    let bias = branch.projection.bias.pointer + outputs.lowerBound
    for token in 0..<tokens {
      for c in 0..<size { target[token * 3 * width + c] += bias[c] }
    }
  }

  private func turn(_ layer: Int, _ projections: MutableFloats) {
    let branch = model.blocks[layer].attention
    guard !branch.turns.isEmpty else { return }
    let width = branch.queryWidth
    for (start, norm) in [(0, branch.turns.queryNorm), (width, branch.turns.keyNorm)] {
      HeadTurn(norm: norm, table: branch.turns.rotary.flatMap { tables[$0] }, positions: places).forward(
        HeadRows(
          projections + start, stride: 3 * width, rows: tokens, heads: space.heads,
          size: branch.heads.headSize))
    }
  }
}

extension AttentionBranch {
  /// The outputs of the projection that a target reads for: queries, keys, values of each head in turn.
  package func outputs(ofTarget place: Int) -> Range<Int> {
    let (part, head) = place.quotientAndRemainder(dividingBy: heads.heads)
    let start =
      part == 0 ? head * heads.headSize : queryWidth + (part - 1) * keyWidth + heads.keyColumn(of: head)
    return start..<start + heads.headSize
  }
}
