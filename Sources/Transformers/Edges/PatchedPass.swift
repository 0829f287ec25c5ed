import Faults
import Tensors

/// A forward pass in which residual edges of some rows come from other texts.
struct PatchedPass {
  private let extent: ForwardExtent
  private let batch: TokenBatch
  private let words: Tensor?
  private let check: InterruptionCheck

  init(_ extent: ForwardExtent, _ batch: TokenBatch, _ words: Tensor?, _ check: @escaping InterruptionCheck) {
    (self.extent, self.batch, self.words, self.check) = (extent, batch, words, check)
  }

  private var model: Transformer { extent.model }
  private var request: ForwardRequest { extent.request }

  func run() throws -> ForwardResult {
    let space = try EdgeSpace(model.configuration)
    let edges = request.interventions.map { $0.edges?.edges ?? EdgeSet(space) }
    let classified = extent.classifiedTokens.enumerated().map { row, token in
      (row: row, position: token - row * batch.length)
    }
    let labels = extent.wantsPooled ? classified : []
    let read = request.quantities.filter { !$0.quantity.readsLabels }
    let wanted = request.wordPositions + read.map { ($0.row, $0.position) } + labels
    let states = try EdgePass(model, batch, check: check).states(
      at: wanted, edges: edges, counterfactual: try others(), rows: Array(0..<batch.rows), words: words)
    let (first, second) = (request.wordPositions.count, request.wordPositions.count + read.count)
    let classes = labels.isEmpty ? nil : try classLogits(states, from: second, count: labels.count)
    var values = try quantities(read.map(\.quantity), states, from: first).makeIterator()
    return ForwardResult(
      activations: [:], wordLogits: first == 0 ? nil : try wordLogits(states, count: first),
      classLogits: request.classify ? classes : nil,
      quantities: request.quantities.map { row, _, quantity in
        guard quantity.readsLabels, let classes else { return values.next() ?? .nan }
        return quantity.value(logits: classes[row])
      })
  }

  /// What the sources write in the other text of each row; in its own where there is none.
  private func others() throws -> Tensor {
    var (ids, types) = (batch.ids, batch.types)
    for (row, interventions) in request.interventions.enumerated() {
      guard let patch = interventions.edges else { continue }
      let start = row * batch.length
      ids.replaceSubrange(start..<start + patch.ids.count, with: patch.ids)
      types.replaceSubrange(start..<start + patch.types.count, with: patch.types)
    }
    let other = TokenBatch(
      ids: ids, types: types, mask: batch.mask, rows: batch.rows, length: batch.length)
    return try EdgePass(model, other, check: check).sources()
  }

  private func wordLogits(_ states: Tensor, count: Int) throws -> Tensor? {
    guard let head = model.language else { return nil }
    let logits = Storage(uninitializedCount: count * head.decoder.outputs)
    try head(states.pointer, rows: count, into: logits.base, check: check)
    return Tensor(shape: [count, head.decoder.outputs], storage: logits)
  }

  private func classLogits(_ states: Tensor, from first: Int, count: Int) throws -> Tensor? {
    guard let classifier = model.classifier else { return nil }
    let head = ReadoutHead(transform: model.pooler, decoder: classifier)
    let logits = Storage(uninitializedCount: count * classifier.outputs)
    try head(
      states.pointer + first * model.configuration.hidden, rows: count, into: logits.base, check: check)
    return Tensor(shape: [count, classifier.outputs], storage: logits)
  }

  private func quantities(
    _ quantities: [QuantityOfInterest], _ states: Tensor, from first: Int
  ) throws -> [Double] {
    guard let one = quantities.first else { return [] }
    return try model.head(for: one).values(
      of: quantities, at: states.pointer + first * model.configuration.hidden, check: check)
  }
}
