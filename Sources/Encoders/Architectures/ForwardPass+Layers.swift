import CKernels
import Tensors

extension ForwardPass {
  /// One layer; returns where its output is.
  func run(_ index: Int, _ x: MutableFloats) throws -> MutableFloats {
    let layer = model.layers[index]
    let tokens = layout.tokens
    capture.copy(x, to: .residPre, layer: index)
    let context = capture.pointer(.z, layer: index) ?? workspace.context
    if let start = startingContext(index) {
      start.context.gather(start.rows, into: context)
    } else {
      try layer.qkv.multiply(x, rows: tokens, into: workspace.qkv, check: check)
      captureProjections(index)
      let (stride, qkv) = (3 * hidden, workspace.qkv)
      try layer.attention(
        AttentionOperands(
          query: qkv, queryStride: stride, key: qkv + hidden, value: qkv + 2 * hidden, keyStride: stride,
          bias: layer.qkv.bias),
        layout, context: context, scores: capture.pointer(.scores, layer: index),
        pattern: capture.pointer(.pattern, layer: index), check: check)
    }
    return try afterAttention(index, context, residual: x, rows: tokens)
  }

  /// The context vectors that a run starts from, at the layer that it starts with.
  private func startingContext(_ index: Int) -> (context: Tensor, rows: [Int])? {
    guard let start = request.start, start.layer == index, let context = start.context else { return nil }
    let sites: [Site.Kind] = [.q, .k, .v, .scores, .pattern]
    precondition(
      !sites.contains { capture.contains(Site($0, layer: index)) },
      "the attention of the first layer is not run")
    return (context, start.rows)
  }

  /// The last layer at the tokens of `selection` only; returns where its output (selection, d) is.
  func runSelected(
    _ index: Int, _ x: MutableFloats, _ selection: [Int]
  ) throws -> MutableFloats {
    let layer = model.layers[index]
    let residual = gather(x, selection)
    defer { withExtendedLifetime(residual) {} }
    let places = Dictionary(uniqueKeysWithValues: zip(selection, selection.indices))
    if let start = startingContext(index) {
      let tokens = selection.map { start.rows[$0 / batch.length] * batch.length + $0 % batch.length }
      let context = gather(start.context.pointer, tokens)
      defer { withExtendedLifetime(context) {} }
      return try afterAttention(
        index, context.base, residual: residual.base, rows: selection.count, places: places)
    }
    let (qkv, query) = (workspace.qkv, workspace.mid)
    try layer.qkv.multiply(
      x, rows: layout.tokens, part: hidden..<3 * hidden, into: qkv, check: check)
    try layer.qkv.multiply(
      residual.base, rows: selection.count, part: 0..<hidden, into: query, check: check)
    try layer.attention(
      AttentionOperands(
        query: query, queryStride: hidden, key: qkv, value: qkv + hidden, keyStride: 2 * hidden,
        bias: layer.qkv.bias),
      AttentionLayout(layout, selection: selection), context: workspace.context, scores: nil, pattern: nil,
      check: check)
    return try afterAttention(
      index, workspace.context, residual: residual.base, rows: selection.count, places: places)
  }

  /// From z (rows, d) to the layer's output, with what replaces them in between.
  ///
  /// - Parameter places: The row of each token; nil when they are the same.
  private func afterAttention(
    _ index: Int, _ context: MutableFloats, residual: Floats, rows: Int, places: [Int: Int]? = nil
  ) throws -> MutableFloats {
    let layer = model.layers[index]
    let (sum, mid) = (workspace.sum, capture.pointer(.residMid, layer: index) ?? workspace.mid)
    edits.apply(at: .context(layer: index), to: context, width: hidden, places: places)
    try layer.output.multiply(context, rows: rows, into: sum, check: check)
    edits.apply(
      at: .attention(layer: index), to: sum, width: hidden, minus: layer.output.bias, places: places)
    let edited = editedSkip(index, residual, rows: rows, places)
    defer { withExtendedLifetime(edited) {} }
    let residual = edited.map { Floats($0.base) } ?? residual
    if let target = capture.pointer(.attnOut, layer: index) {
      layer.output.addBias(to: sum, rows: rows, into: target)
    }
    layer.attentionNorm(
      sum, bias: layer.output.bias, residual: residual, rows: rows,
      raw: capture.pointer(.residMidRaw, layer: index) ?? sum, into: mid)
    let wide = capture.pointer(.mlpPost, layer: index) ?? workspace.wide
    try layer.up.multiply(mid, rows: rows, into: wide, check: check)
    layer.activation(
      wide, bias: layer.up.bias, rows: rows, pre: capture.pointer(.mlpPre, layer: index), post: wide)
    edits.apply(at: .neurons(layer: index), to: wide, width: layer.intermediate, places: places)
    try layer.down.multiply(wide, rows: rows, into: sum, check: check)
    edits.apply(
      at: .feedForward(layer: index), to: sum, width: hidden, minus: layer.down.bias, places: places)
    if let target = capture.pointer(.mlpOut, layer: index) {
      layer.down.addBias(to: sum, rows: rows, into: target)
    }
    let output = capture.pointer(.residPost, layer: index) ?? workspace.stream
    layer.outputNorm(
      sum, bias: layer.down.bias, residual: mid, rows: rows,
      raw: capture.pointer(.residPostRaw, layer: index) ?? sum, into: output)
    edits.apply(at: .block(layer: index), to: output, width: hidden, places: places)
    return output
  }

  /// A copy of the skip connections' values with what replaces some of them; nil when nothing does.
  private func editedSkip(_ index: Int, _ residual: Floats, rows: Int, _ places: [Int: Int]?) -> Storage? {
    guard !edits.edits(at: .skip(layer: index)).isEmpty else { return nil }
    let copy = Storage(uninitializedCount: rows * hidden)
    copy.base.update(from: residual, count: rows * hidden)
    edits.apply(at: .skip(layer: index), to: copy.base, width: hidden, places: places)
    return copy
  }

  private func captureProjections(_ index: Int) {
    let bias = model.layers[index].qkv.bias.pointer
    for (part, kind) in [Site.Kind.q, .k, .v].enumerated() {
      guard let target = capture.pointer(kind, layer: index) else { continue }
      let start = part * hidden
      ck_add_bias(workspace.qkv + start, 3 * hidden, bias + start, target, layout.tokens, hidden)
    }
  }
}
