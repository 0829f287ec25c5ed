import CKernels
import Faults
import Tensors

/// One run of a model over a batch.
struct ForwardPass {
  let model: BertModel
  let batch: TokenBatch
  let request: ForwardRequest
  let check: InterruptionCheck
  private let capture: Capture
  private let workspace: Workspace
  private let layout: AttentionLayout

  init(
    _ model: BertModel, _ batch: TokenBatch, _ request: ForwardRequest, _ check: @escaping InterruptionCheck
  ) {
    (self.model, self.batch, self.request, self.check) = (model, batch, request, check)
    let configuration = model.configuration
    capture = Capture(request.capture, configuration, batch)
    layout = AttentionLayout(rows: batch.rows, length: batch.length, mask: batch.mask)
    workspace = Workspace(
      tokens: batch.rows * batch.length, hidden: configuration.hidden,
      intermediate: configuration.intermediate)
  }

  private var hidden: Int { model.configuration.hidden }

  /// - Parameter words: Word embeddings (B, n, d) to start from instead of those of the ids.
  func run(words: Tensor?) throws -> ForwardResult {
    var stream = embed(words)
    let selection = tokensForHeads()
    for layer in 0..<layersToRun {
      let isLast = layer == model.configuration.layers - 1
      if isLast, let selection {
        return try finish(try runSelected(layer, stream, selection), selection)
      }
      stream = try run(layer, stream)
    }
    return try finish(stream, nil)
  }

  /// All layers if a head is wanted, else those up to the last captured one.
  private var layersToRun: Int {
    let wantsHead = request.classify || !request.maskedLMPositions.isEmpty
    let capturesHead = request.capture.contains { $0.kind != .embed && $0.layer == nil }
    if wantsHead || capturesHead { return model.configuration.layers }
    return capture.lastLayer.map { $0 + 1 } ?? 0
  }

  /// The tokens of which the heads read the last hidden state, ascending; nil when the whole last layer is
  /// wanted.
  private func tokensForHeads() -> [Int]? {
    let last = model.configuration.layers - 1
    if capture.lastLayer == last || capture.contains(Site(.logits)) { return nil }
    var tokens = Set(request.maskedLMPositions.map { $0.row * batch.length + $0.position })
    if wantsPooled { tokens.formUnion((0..<batch.rows).map { $0 * batch.length }) }
    return tokens.sorted()
  }

  private var wantsPooled: Bool {
    request.classify || capture.contains(Site(.pooled)) || capture.contains(Site(.classLogits))
  }

  private func embed(_ words: Tensor?) -> MutableFloats {
    let stream = capture.pointer(.embed) ?? workspace.stream
    if words == nil { model.embeddings.gather(batch.ids, into: stream) }
    model.embeddings(
      words: words?.pointer ?? UnsafePointer(stream), typeIDs: batch.types, length: batch.length, raw: stream,
      into: stream)
    return stream
  }
}

extension ForwardPass {
  /// One layer; returns where its output is.
  private func run(_ index: Int, _ x: MutableFloats) throws -> MutableFloats {
    let layer = model.layers[index]
    let tokens = layout.tokens
    capture.copy(x, to: .residPre, layer: index)
    try layer.qkv.multiply(x, rows: tokens, into: workspace.qkv, check: check)
    captureProjections(index)
    let (stride, qkv) = (3 * hidden, workspace.qkv)
    let context = capture.pointer(.z, layer: index) ?? workspace.context
    try layer.attention(
      AttentionOperands(
        query: qkv, queryStride: stride, key: qkv + hidden, value: qkv + 2 * hidden, keyStride: stride,
        bias: layer.qkv.bias),
      layout, context: context, scores: capture.pointer(.scores, layer: index),
      pattern: capture.pointer(.pattern, layer: index), check: check)
    return try afterAttention(index, context, residual: x, rows: tokens)
  }

  /// The last layer at the tokens of `selection` only; returns where its output (selection, d) is.
  private func runSelected(
    _ index: Int, _ x: MutableFloats, _ selection: [Int]
  ) throws -> MutableFloats {
    let layer = model.layers[index]
    let residual = gather(x, selection)
    defer { withExtendedLifetime(residual) {} }
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
    return try afterAttention(index, workspace.context, residual: residual.base, rows: selection.count)
  }

  /// From z (rows, d) to the layer's output.
  private func afterAttention(
    _ index: Int, _ context: Floats, residual: Floats, rows: Int
  ) throws -> MutableFloats {
    let layer = model.layers[index]
    let (sum, mid) = (workspace.sum, capture.pointer(.residMid, layer: index) ?? workspace.mid)
    try layer.output.multiply(context, rows: rows, into: sum, check: check)
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
    try layer.down.multiply(wide, rows: rows, into: sum, check: check)
    if let target = capture.pointer(.mlpOut, layer: index) {
      layer.down.addBias(to: sum, rows: rows, into: target)
    }
    let output = capture.pointer(.residPost, layer: index) ?? workspace.stream
    layer.outputNorm(
      sum, bias: layer.down.bias, residual: mid, rows: rows,
      raw: capture.pointer(.residPostRaw, layer: index) ?? sum, into: output)
    return output
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

extension ForwardPass {
  /// Runs the heads on the last hidden states: of all tokens, or of those of `selection`.
  private func finish(_ states: MutableFloats, _ selection: [Int]?) throws -> ForwardResult {
    if let target = capture.pointer(.logits), let head = model.maskedLM {
      try head(states, rows: layout.tokens, into: target, check: check)
    }
    let maskedLMLogits = try maskedLMLogits(states, selection)
    let classLogits = wantsPooled ? try pool(states, selection) : nil
    return ForwardResult(
      activations: capture.tensors(), maskedLMLogits: maskedLMLogits,
      classLogits: request.classify ? classLogits : nil)
  }

  private func maskedLMLogits(_ states: Floats, _ selection: [Int]?) throws -> Tensor? {
    guard let head = model.maskedLM, !request.maskedLMPositions.isEmpty else { return nil }
    let tokens = request.maskedLMPositions.map { $0.row * batch.length + $0.position }
    let rows = gather(states, tokens, from: selection)
    defer { withExtendedLifetime(rows) {} }
    let logits = Storage(uninitializedCount: tokens.count * head.decoder.outputs)
    try head(rows.base, rows: tokens.count, into: logits.base, check: check)
    return Tensor(shape: [tokens.count, head.decoder.outputs], storage: logits)
  }

  /// Fills `pooled` and `class_logits`; returns the class logits (B, C) if the model has a classifier.
  private func pool(_ states: Floats, _ selection: [Int]?) throws -> Tensor? {
    guard let pooler = model.pooler else { return nil }
    let rows = gather(states, (0..<batch.rows).map { $0 * batch.length }, from: selection)
    let pooled = Storage(uninitializedCount: batch.rows * hidden)
    defer { withExtendedLifetime((rows, pooled)) {} }
    try pooler(rows.base, rows: batch.rows, into: pooled.base, check: check)
    capture.copy(pooled.base, to: .pooled)
    guard let classifier = model.classifier else { return nil }
    let logits = Storage(uninitializedCount: batch.rows * classifier.outputs)
    try classifier(pooled.base, rows: batch.rows, into: logits.base, check: check)
    capture.copy(logits.base, to: .classLogits)
    return Tensor(shape: [batch.rows, classifier.outputs], storage: logits)
  }

  /// The rows of `states` for `tokens`; `states` has a row for each token, or for each of `selection`.
  private func gather(_ states: Floats, _ tokens: [Int], from selection: [Int]? = nil) -> Storage {
    let rows = Storage(uninitializedCount: tokens.count * hidden)
    let places = selection.map { Dictionary(uniqueKeysWithValues: zip($0, $0.indices)) }
    for (row, token) in tokens.enumerated() {
      guard let place = places.map({ $0[token] }) ?? token else {
        preconditionFailure("token \(token) was not run")
      }
      (rows.base + row * hidden).update(from: states + place * hidden, count: hidden)
    }
    return rows
  }
}
