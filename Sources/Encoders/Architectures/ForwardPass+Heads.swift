import Tensors

extension ForwardPass {
  /// Runs the heads on the last hidden states: of all tokens, or of those of `selection`.
  func finish(_ states: MutableFloats, _ selection: [Int]?) throws -> ForwardResult {
    if let target = capture.pointer(.logits), let head = model.maskedLM {
      try head(states, rows: layout.tokens, into: target, check: check)
    }
    let maskedLMLogits = try maskedLMLogits(states, selection)
    let classLogits = extent.wantsPooled ? try pool(states, selection) : nil
    return ForwardResult(
      activations: capture.tensors(), maskedLMLogits: maskedLMLogits,
      classLogits: request.classify ? classLogits : nil,
      quantities: try quantities(states, selection, classLogits))
  }

  private func quantities(_ states: Floats, _ selection: [Int]?, _ classLogits: Tensor?) throws -> [Double] {
    let words = extent.wordQuantities
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
  func gather(_ states: Floats, _ tokens: [Int], from selection: [Int]? = nil) -> Storage {
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
