import Faults
import Tensors

/// One run of a model over a batch.
struct ForwardPass {
  let model: BertModel
  let batch: TokenBatch
  let request: ForwardRequest
  let check: InterruptionCheck
  let extent: ForwardExtent
  let capture: Capture
  let workspace: Workspace
  let layout: AttentionLayout
  let edits: EditPlan

  /// - Precondition: `batch` has the rows and the length of `extent`.
  init(_ extent: ForwardExtent, _ batch: TokenBatch, _ check: @escaping InterruptionCheck) {
    (self.extent, self.batch, self.check) = (extent, batch, check)
    (model, request) = (extent.model, extent.request)
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
    let selection = extent.tokensForHeads
    for layer in extent.layers {
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

  private func embed(_ words: Tensor?) -> MutableFloats {
    let stream = capture.pointer(.embed) ?? workspace.stream
    if words == nil { model.embeddings.gather(batch.ids, into: stream) }
    model.embeddings(
      words: words?.pointer ?? UnsafePointer(stream), typeIDs: batch.types, length: batch.length, raw: stream,
      into: stream)
    return stream
  }
}
