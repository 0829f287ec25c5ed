import Faults
import Tensors

/// One run of a model over a batch.
struct ForwardPass {
  let model: Transformer
  let batch: TokenBatch
  let request: ForwardRequest
  let check: InterruptionCheck
  let extent: ForwardExtent
  let capture: Capture
  let workspace: Workspace
  let layout: AttentionLayout
  let edits: EditPlan
  let cuts: CutPlan
  /// ``TokenBatch/places``.
  let places: [Int32]
  /// What the tokens before the one that runs have left for it to read; nil in a pass over whole sequences.
  let cache: KeyValueCache?
  private let tables: [Rotary: RotaryTable]

  /// - Precondition: `batch` has the rows and the length of `extent`.
  init(_ extent: ForwardExtent, _ batch: TokenBatch, _ check: @escaping InterruptionCheck) {
    (self.extent, self.batch, self.check) = (extent, batch, check)
    (model, request) = (extent.model, extent.request)
    let configuration = model.configuration
    capture = Capture(request.capture, configuration, batch)
    layout = AttentionLayout(rows: batch.rows, length: batch.length, mask: batch.mask)
    workspace = Workspace(tokens: batch.rows * batch.length, configuration)
    let length = batch.length
    edits = EditPlan(request.interventions, length: { _ in length }, configuration) { row, position in
      CollectionOfOne(row * length + position)
    }
    cuts = CutPlan(request.interventions)
    places = batch.places
    cache = nil
    tables = configuration.rotaryTables(length: length)
  }

  /// A pass of one token more, behind those of `cache`, which gets its keys and values.
  init(_ token: Int32, behind cache: KeyValueCache, _ check: @escaping InterruptionCheck) {
    (self.cache, self.check, model) = (cache, check, cache.model)
    let (configuration, position) = (cache.model.configuration, cache.length)
    batch = TokenBatch(ids: [token], types: [0], mask: [true], rows: 1, length: 1)
    request = ForwardRequest(wordPositions: [(0, 0)])
    extent = ForwardExtent(cache.model, request, rows: 1, length: 1)
    capture = Capture([], configuration, batch)
    layout = AttentionLayout(rows: 1, length: 1, mask: batch.mask)
    (workspace, tables) = (cache.workspace, cache.tables)
    edits = EditPlan(
      [cache.interventions(at: position)], from: position, length: { _ in position + 1 }, configuration
    ) { _, edited in edited == position ? 0..<1 : 0..<0 }
    // The cache cuts: its keys are those of the whole text.
    cuts = CutPlan([])
    places = [Int32(position)]
  }

  var hidden: Int { model.configuration.hidden }
  /// A token behind a cache is a row that no other pass computes: it takes the products that are fast for one.
  var isAlone: Bool { cache != nil }

  func turn(_ norm: Norm?, layer: Int, positions: [Int32]) -> HeadTurn {
    HeadTurn(
      norm: norm, table: model.configuration.blocks.rotary(layer).flatMap { tables[$0] },
      positions: positions)
  }

  /// - Parameter words: Word embeddings (B, n, e) to start from instead of those of the ids.
  func run(words: Tensor?) throws -> ForwardResult {
    var stream = try start(words)
    var isNormed = false
    let selection = cache == nil ? extent.tokensForHeads : nil
    for layer in extent.layers {
      let isLast = layer == model.configuration.layers - 1
      if isLast, let selection {
        return try finish(try runSelected(layer, stream, isNormed: isNormed, selection), selection)
      }
      let next = layer + 1 < extent.layers.upperBound ? model.blocks[layer + 1].norms.beforeAttention : nil
      (stream, isNormed) = try run(layer, stream, isNormed: isNormed, next: next)
    }
    return try finish(stream, nil)
  }

  /// Where the input of the first layer to run is.
  private func start(_ words: Tensor?) throws -> MutableFloats {
    guard let start = request.start else {
      let stream = try embed(words)
      edits.apply(at: .embedding, to: stream, width: hidden)
      return stream
    }
    let stream = workspace.stream
    start.hidden.gather(start.rows, into: stream)
    edits.apply(at: EditPoint(.hidden(row: start.layer)), to: stream, width: hidden)
    return stream
  }

  private func embed(_ words: Tensor?) throws -> MutableFloats {
    let embeddings = model.embeddings
    let stream = capture.pointer(.embed) ?? workspace.stream
    // With a projection words have a width of their own.
    let raw = embeddings.projection == nil ? stream : workspace.words
    if words == nil { embeddings.gather(batch.ids, into: raw) }
    try embeddings(
      words: words?.pointer ?? UnsafePointer(raw),
      positionRows: cache == nil ? batch.positionRows(model.embeddings) : places,
      typeIDs: batch.types, raw: raw,
      into: stream, check: check)
    return stream
  }
}

extension TransformerConfiguration {
  /// The angles of all layers.
  package func rotaryTables(length: Int) -> [Rotary: RotaryTable] {
    Dictionary(
      uniqueKeysWithValues: Set(blocks.rotaries.compactMap(\.self)).map {
        ($0, RotaryTable($0, length: length))
      })
  }
}
