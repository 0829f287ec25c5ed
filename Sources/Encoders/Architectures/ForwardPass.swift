import Faults
import Tensors

/// One run of a model over a batch.
struct ForwardPass {
  let model: BertModel
  let batch: TokenBatch
  let request: ForwardRequest
  let check: InterruptionCheck
  let capture: Capture
  let workspace: Workspace
  let layout: AttentionLayout
  let edits: EditPlan

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

  var hidden: Int { model.configuration.hidden }

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
    edits.apply(at: EditPoint(.hidden(row: start.layer)), to: stream, width: hidden)
    return stream
  }

  /// All layers if a head is wanted, else those up to the last captured one.
  var layersToRun: Int {
    let wantsHead =
      request.classify || !request.maskedLMPositions.isEmpty || !request.quantities.isEmpty
    let capturesHead = request.capture.contains { $0.kind != .embed && $0.layer == nil }
    if wantsHead || capturesHead { return model.configuration.layers }
    return capture.lastLayer.map { $0 + 1 } ?? 0
  }

  /// The tokens of which the heads read the last hidden state, ascending; nil when the whole last layer is
  /// wanted.
  func tokensForHeads() -> [Int]? {
    let last = model.configuration.layers - 1
    if capture.lastLayer == last || capture.contains(Site(.logits)) { return nil }
    var tokens = Set(request.maskedLMPositions.map { $0.row * batch.length + $0.position })
    tokens.formUnion(wordQuantities.map(\.token))
    if wantsPooled { tokens.formUnion((0..<batch.rows).map { $0 * batch.length }) }
    return tokens.sorted()
  }

  var wantsPooled: Bool {
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
