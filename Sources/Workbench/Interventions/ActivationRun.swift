import Attribution
import Encoders
import Language
import Tensors

/// Forward passes of the intact network over several texts, as many at a time as memory allows.
struct ActivationRun {
  let model: LoadedModel
  let bench: Bench
  let sites: Set<Site>
  /// Word embeddings to start from instead of the texts' own.
  var baseline: BaselineText?

  /// Enough for full matrix products, few enough to stop soon.
  private static let batch = 16

  /// Calls `body` with each text's activations, (n, ...) each, in the order of the texts.
  ///
  /// - Parameter what: shown as progress; nil for none
  func each(
    _ texts: [EncodedText], progress what: String? = nil,
    _ body: (_ index: Int, _ activations: [Site: Tensor]) throws -> Void
  ) throws {
    guard !sites.isEmpty, let longest = texts.map(\.count).max() else { return }
    try bench.checkMemory(model, length: longest, capturing: sites)
    let size = min(Self.batch, bench.rowsWithinMemory(model, length: longest, capturing: sites))
    defer { if what != nil { bench.session.clearProgress() } }
    for start in stride(from: 0, to: texts.count, by: size) {
      if let what { bench.session.showProgress(what, done: start, of: texts.count) }
      let part = Array(texts[start..<min(start + size, texts.count)])
      let activations = try run(part)
      for (row, text) in part.enumerated() {
        try body(
          start + row,
          try activations.mapValues { try $0[row].sliced([.range(0..<text.count)]) })
      }
    }
  }

  /// (B, n, ...) each, padded to the longest.
  private func run(_ texts: [EncodedText]) throws -> [Site: Tensor] {
    let batch = TokenBatch(
      sequences: texts.map { (ids: $0.encoding.ids, types: $0.encoding.types) },
      padToken: model.tokenizer.id(.pad) ?? 0)
    return try model.encoder.forward(
      batch, words: try baseline.map { try words($0, texts, length: batch.length) },
      ForwardRequest(capture: sites), check: bench.session.checkInterruption
    ).activations
  }

  /// (B, n, d), zeros at padding.
  private func words(_ baseline: BaselineText, _ texts: [EncodedText], length: Int) throws -> Tensor {
    let hidden = model.configuration.hidden
    let rows = try texts.map {
      try baseline.resolve(model, $0).words(for: $0.encoding.ids, in: model.encoder).values
    }
    return Tensor(shape: [texts.count, length, hidden]) { target in
      target.update(repeating: 0)
      for (row, values) in rows.enumerated() {
        _ = target[(row * length * hidden)...].update(fromContentsOf: values)
      }
    }
  }
}
