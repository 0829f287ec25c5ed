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
  private let edits: EditPlan

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
    let length = batch.length
    edits = EditPlan(request.interventions, length: { _ in length }, configuration) { row, position in
      CollectionOfOne(row * length + position)
    }
  }

  private var hidden: Int { model.configuration.hidden }

  /// - Parameter words: Word embeddings (B, n, d) to start from instead of those of the ids.
  func run(words: Tensor?) throws -> ForwardResult {
    var stream = try start(words)
    let selection = tokensForHeads()
    for layer in (request.start?.layer ?? 0)..<max(layersToRun, request.start?.layer ?? 0) {
      let isLast = layer == model.configuration.layers - 1
      if isLast, let selection {
        return try finish(try runSelected(layer, stream, selection), selection)
      }
      stream = try run(layer, stream)
    }
    return try finish(stream, nil)
  }

  /// Where the input of the first layer to run is.
  private func start(_ words: Tensor?) throws -> MutableFloats {
    guard let start = request.start else {
      let stream = embed(words)
      edits.apply(at: .embedding, to: stream, width: hidden)
      return stream
    }
    let stream = workspace.stream
    start.hidden.gather(start.rows, into: stream)
    edits.apply(
      at: start.layer == 0 ? .embedding : .block(layer: start.layer - 1), to: stream, width: hidden)
    return stream
  }

  /// All layers if a head is wanted, else those up to the last captured one.
  private var layersToRun: Int {
    let wantsHead =
      request.classify || !request.maskedLMPositions.isEmpty || !request.quantities.isEmpty
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
    tokens.formUnion(wordQuantities.map(\.token))
    if wantsPooled { tokens.formUnion((0..<batch.rows).map { $0 * batch.length }) }
    return tokens.sorted()
  }

  private var wantsPooled: Bool {
    request.classify || request.readsLabels || capture.contains(Site(.pooled))
      || capture.contains(Site(.classLogits))
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
  private func runSelected(
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
      classLogits: request.classify ? classLogits : nil,
      quantities: try quantities(states, selection, classLogits))
  }

  /// The quantities that read words, with the tokens they are read at.
  private var wordQuantities: [(token: Int, quantity: QuantityOfInterest)] {
    request.quantities.filter { !$0.quantity.readsLabels }.map {
      ($0.row * batch.length + $0.position, $0.quantity)
    }
  }

  private func quantities(_ states: Floats, _ selection: [Int]?, _ classLogits: Tensor?) throws -> [Double] {
    let words = wordQuantities
    var values: [Double] = []
    if !words.isEmpty, let head = model.maskedLM {
      let rows = gather(states, words.map(\.token), from: selection)
      defer { withExtendedLifetime(rows) {} }
      values = try head.values(of: words.map(\.quantity), at: rows.base, check: check)
    }
    var next = values.makeIterator()
    return request.quantities.map { row, _, quantity in
      guard quantity.readsLabels, let classLogits else { return next.next() ?? .nan }
      return quantity.value(logits: classLogits[row])
    }
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
