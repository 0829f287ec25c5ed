import Tensors

/// What a forward pass should yield; only that is computed and kept.
public struct ForwardRequest: Sendable {
  /// Sites to copy out.
  public var capture: Set<Site>
  /// Positions whose masked language model logits are wanted.
  public var wordPositions: [(row: Int, position: Int)]
  /// Whether class logits are wanted.
  public var classify: Bool
  /// Quantities wanted, each of a row at a position, which those of the classifier do not use. Only the logits that they
  /// read are computed.
  public var quantities: [(row: Int, position: Int, quantity: QuantityOfInterest)]
  /// What is replaced in each row; empty for nothing in any.
  public var interventions: [Interventions]
  /// Where to start instead of at the tokens.
  public var start: ForwardStart?

  public init(
    capture: Set<Site> = [], wordPositions: [(row: Int, position: Int)] = [], classify: Bool = false,
    quantities: [(row: Int, position: Int, quantity: QuantityOfInterest)] = [],
    interventions: [Interventions] = [], start: ForwardStart? = nil
  ) {
    self.capture = capture
    self.wordPositions = wordPositions
    self.classify = classify
    self.quantities = quantities
    self.interventions = interventions
    self.start = start
  }

  func validate(for batch: TokenBatch, _ model: Transformer) throws {
    for (row, position) in wordPositions + quantities.map({ ($0.row, $0.position) }) {
      guard 0..<batch.rows ~= row else { throw TransformerFault.rowOutsideBatch(row, rows: batch.rows) }
      guard 0..<batch.length ~= position else {
        throw TransformerFault.positionOutsideRow(position, row: row, length: batch.length)
      }
    }
    for site in capture { try PlaceBounds(model.configuration, length: batch.length).check(site) }
    try validateInterventions(batch, model.configuration)
    let readsWords = quantities.contains { !$0.quantity.readsLabels }
    let wanted: [(ModelHead, Bool, Bool)] = [
      (
        .words, readsWords || !wordPositions.isEmpty || capture.contains(Site(.logits)),
        model.hasLanguageHead
      ),
      (
        .classifier, readsLabels || classify || capture.contains(Site(.classLogits)), model.hasClassifier
      ),
      (.pooler, capture.contains(Site(.pooled)), model.hasPooler),
    ]
    for (head, isWanted, isThere) in wanted where isWanted && !isThere {
      throw TransformerFault.missingHead(head)
    }
  }

  /// Whether residual edges of a row come from another text.
  var patchesEdges: Bool { interventions.contains { $0.edges != nil } }

  var readsLabels: Bool { quantities.contains { $0.quantity.readsLabels } }

  private func validateInterventions(_ batch: TokenBatch, _ configuration: TransformerConfiguration) throws {
    precondition(
      interventions.isEmpty || interventions.count == batch.rows,
      "\(interventions.count) interventions for \(batch.rows) rows")
    for (row, own) in interventions.enumerated() {
      let tokens = row * batch.length..<(row + 1) * batch.length
      let mask = own.cuts.isEmpty ? nil : Array(batch.mask[tokens])
      try own.validate(length: batch.length, mask: mask, configuration)
    }
    guard let start else { return }
    precondition(start.rows.count == batch.rows, "\(start.rows.count) starts for \(batch.rows) rows")
    precondition(0...configuration.layers ~= start.layer, "starts at layer \(start.layer)")
    let shape = [start.hidden.shape[0], batch.length, configuration.hidden]
    precondition(start.hidden.shape == shape, "states of \(start.hidden.shape), expected \(shape)")
    if let context = start.context {
      let count = start.hidden.shape[0] * batch.length * configuration.queryWidth
      precondition(context.count == count, "contexts of \(context.shape)")
    }
    precondition(start.rows.allSatisfy { 0..<shape[0] ~= $0 }, "starts from rows \(start.rows)")
  }
}

/// What a forward pass yielded.
public struct ForwardResult: Sendable {
  /// The captured sites, shaped as ``Site/shape(in:rows:length:)``.
  public let activations: [Site: Tensor]
  /// (P, V): a row for each requested position, in the order of the request; nil when none was.
  public let wordLogits: Tensor?
  /// (B, C); nil when not requested.
  public let classLogits: Tensor?
  /// In the order of the request.
  public let quantities: [Double]
}
