import Tensors

/// What a forward pass should yield; only that is computed and kept.
public struct ForwardRequest: Sendable {
  /// Sites to copy out.
  public var capture: Set<Site>
  /// Positions whose masked language model logits are wanted.
  public var maskedLMPositions: [(row: Int, position: Int)]
  /// Whether class logits are wanted.
  public var classify: Bool

  public init(
    capture: Set<Site> = [], maskedLMPositions: [(row: Int, position: Int)] = [], classify: Bool = false
  ) {
    self.capture = capture
    self.maskedLMPositions = maskedLMPositions
    self.classify = classify
  }

  func validate(for batch: TokenBatch, _ model: BertModel) throws {
    for (row, position) in maskedLMPositions {
      guard 0..<batch.rows ~= row else { throw EncoderFault.rowOutsideBatch(row, rows: batch.rows) }
      guard 0..<batch.length ~= position else {
        throw EncoderFault.positionOutsideRow(position, row: row, length: batch.length)
      }
    }
    let layers = model.configuration.layers
    for site in capture where !(0..<layers ~= site.layer ?? 0) {
      throw EncoderFault.layerOutOfRange(site, layers: layers)
    }
    let wanted: [(ModelHead, Bool, Bool)] = [
      (.maskedLM, !maskedLMPositions.isEmpty || capture.contains(Site(.logits)), model.hasMaskedLMHead),
      (.classifier, classify || capture.contains(Site(.classLogits)), model.hasClassifier),
      (.pooler, capture.contains(Site(.pooled)), model.hasPooler),
    ]
    for (head, isWanted, isThere) in wanted where isWanted && !isThere {
      throw EncoderFault.missingHead(head)
    }
  }
}

/// What a forward pass yielded.
public struct ForwardResult: Sendable {
  /// The captured sites, shaped as ``Site/shape(in:rows:length:)``.
  public let activations: [Site: Tensor]
  /// (P, V): a row for each requested position, in the order of the request; nil when none was.
  public let maskedLMLogits: Tensor?
  /// (B, C); nil when not requested.
  public let classLogits: Tensor?
}
