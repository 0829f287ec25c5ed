/// What a dimension of a site counts.
public enum SiteDimension: String, Sendable {
  /// B, rows of the batch.
  case batch
  /// n, tokens.
  case position
  /// n, the token that attends and the one attended to.
  case query, key
  /// d.
  case hidden
  /// A, G (heads of keys and values) and dh.
  case head
  case keyHead = "key_head"
  case headSize = "head_size"
  /// I.
  case intermediate
  /// V.
  case vocabulary
  /// C.
  case label
}

extension Site {
  /// What each dimension stands for, outermost first.
  public var dimensions: [SiteDimension] {
    switch kind {
    case .embed, .residPre, .attnIn, .attnOut, .residMidRaw, .residMid, .mlpIn, .mlpOut, .residPostRaw,
      .residPost, .final:
      [.batch, .position, .hidden]
    case .q, .qRaw, .z: [.batch, .position, .head, .headSize]
    case .k, .kRaw, .v: [.batch, .position, .keyHead, .headSize]
    case .scores, .pattern: [.batch, .head, .query, .key]
    case .mlpPre, .mlpGate, .mlpUp, .mlpPost: [.batch, .position, .intermediate]
    case .pooled: [.batch, .hidden]
    case .logits: [.batch, .position, .vocabulary]
    case .classLogits: [.batch, .label]
    }
  }

  /// The shape for a batch of `rows` rows of `length` tokens.
  public func shape(in configuration: TransformerConfiguration, rows: Int, length: Int) -> [Int] {
    dimensions.map { dimension in
      switch dimension {
      case .batch: rows
      case .position, .query, .key: length
      case .hidden: configuration.hidden
      case .head: configuration.heads
      case .keyHead: configuration.keyHeads
      case .headSize: configuration.headSize
      case .intermediate: configuration.intermediate
      case .vocabulary: configuration.vocabulary
      case .label: configuration.labels.count
      }
    }
  }
}
