import Tensors

extension ForwardPass {
  /// Runs the heads on the last hidden states: of all tokens, or of those of `selection`.
  func finish(_ states: MutableFloats, _ selection: [Int]?) throws -> ForwardResult {
    let readsHeads = extent.readsHeads
    let normed = readsHeads ? normed(states, rows: selection?.count ?? layout.tokens) : nil
    defer { withExtendedLifetime(normed) {} }
    let states = normed?.base ?? states
    if readsHeads { capture.copy(states, to: .final) }
    if let target = capture.pointer(.logits), let head = model.language {
      try head(states, rows: layout.tokens, into: target, check: check)
    }
    let wordLogits = try wordLogits(states, selection)
    let classLogits = extent.wantsPooled ? try pool(states, selection) : nil
    return ForwardResult(
      activations: capture.tensors(), wordLogits: wordLogits,
      classLogits: request.classify ? classLogits : nil,
      quantities: try quantities(states, selection, classLogits))
  }

  /// The last hidden states after the final norm; nil when there is none.
  private func normed(_ states: Floats, rows: Int) -> Storage? {
    guard let norm = model.finalNorm else { return nil }
    let result = Storage(uninitializedCount: rows * hidden)
    norm(states, rows: rows, into: result.base)
    return result
  }

  private func quantities(_ states: Floats, _ selection: [Int]?, _ classLogits: Tensor?) throws -> [Double] {
    let words = extent.wordQuantities
    var values: [Double] = []
    if !words.isEmpty, let head = model.language {
      let rows = gather(states, words.map(\.token), from: selection, width: hidden)
      defer { withExtendedLifetime(rows) {} }
      values = try head.values(of: words.map(\.quantity), at: rows.base, check: check)
    }
    var next = values.makeIterator()
    return request.quantities.map { row, _, quantity in
      guard quantity.readsLabels, let classLogits else { return next.next() ?? .nan }
      return quantity.value(logits: classLogits[row])
    }
  }

  private func wordLogits(_ states: Floats, _ selection: [Int]?) throws -> Tensor? {
    guard let head = model.language, !request.wordPositions.isEmpty else { return nil }
    let tokens = request.wordPositions.map { $0.row * batch.length + $0.position }
    let rows = gather(states, tokens, from: selection, width: hidden)
    defer { withExtendedLifetime(rows) {} }
    let logits = Storage(uninitializedCount: tokens.count * head.decoder.outputs)
    try head(rows.base, rows: tokens.count, into: logits.base, isAlone: isAlone, check: check)
    return Tensor(shape: [tokens.count, head.decoder.outputs], storage: logits)
  }

  /// Fills `pooled` and `class_logits`; returns the class logits (B, C) if the model has a classifier.
  private func pool(_ states: Floats, _ selection: [Int]?) throws -> Tensor? {
    let tokens = extent.classifiedTokens
    var rows = gather(states, tokens, from: selection, width: hidden)
    defer { withExtendedLifetime(rows) {} }
    if let pooler = model.pooler {
      let pooled = Storage(uninitializedCount: batch.rows * pooler.dense.outputs)
      try pooler(rows.base, rows: batch.rows, into: pooled.base, check: check)
      capture.copy(pooled.base, to: .pooled)
      rows = pooled
    }
    guard let classifier = model.classifier else { return nil }
    let logits = Storage(uninitializedCount: batch.rows * classifier.outputs)
    try classifier(rows.base, rows: batch.rows, into: logits.base, check: check)
    capture.copy(logits.base, to: .classLogits)
    return Tensor(shape: [batch.rows, classifier.outputs], storage: logits)
  }

  /// The rows of `states` for `tokens`; `states` has a row for each token, or for each of `selection`.
  func gather(_ states: Floats, _ tokens: [Int], from selection: [Int]? = nil, width: Int) -> Storage {
    let rows = Storage(uninitializedCount: tokens.count * width)
    let places = selection.map { Dictionary(uniqueKeysWithValues: zip($0, $0.indices)) }
    for (row, token) in tokens.enumerated() {
      guard let place = places.map({ $0[token] }) ?? token else {
        preconditionFailure("token \(token) was not run")
      }
      (rows.base + row * width).update(from: states + place * width, count: width)
    }
    return rows
  }
}
