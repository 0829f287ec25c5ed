import Language
import Measurement
import Results
import Scripting
import Tensors
import Transformers

/// Traces one text.
struct TraceJob {
  let model: LoadedModel
  let row: PreparedRow
  let options: TraceOptions
  let bench: Bench

  /// - Parameter span: of the call, for a warning.
  func run(at span: Span) throws -> TraceResult {
    let trace = CausalTrace(
      evaluator: try evaluator, probe: row.probe(try bench.interventions(for: row.text, model)),
      words: options.words, kind: options.kind, window: options.window)
    let (noise, deviation) = try noise()
    var found: CausalTrace.Base?
    var layers: [[[Double]]] = []
    defer { bench.session.clearProgress() }
    try bench.keepingPart(of: "trace") {
      try trace.run(
        noise: noise, base: { found = $0 }, finished: { layers.append($1) },
        progress: { bench.session.showProgress("trace", share: $0) })
    } finished: {
      guard let base = found, !layers.isEmpty else { return nil }
      let extent = "\(layers.count) of \(model.configuration.layers) layers"
      return (.object(result(base, layers, deviation)), extent)
    }
    guard let base = found else { preconditionFailure("a trace without a base") }
    let whole = result(base, layers, deviation)
    bench.warnUnlessFinite(
      "values of the quantity", [base.clean] + layers.joined().joined(), at: span)
    return whole
  }

  private var evaluator: Evaluator {
    get throws {
      Evaluator(
        model: try model.transformer, memoryBudget: bench.session.workingMemory, execution: bench.execution,
        check: bench.session.checkInterruption)
    }
  }

  /// (draws, words, e), and its standard deviation; nil where the noise is given.
  private func noise() throws -> (Tensor, Double?) {
    switch options.noise {
    case .given(let tensor): return (tensor, nil)
    case .deviations(let count, let draws, let seed):
      let one = try bench.execution.perform(
        TraceNoise.deviation(of: model.transformer, check: bench.session.checkInterruption))
      let noise = try TraceNoise.draws(
        draws, words: options.words.count, width: model.configuration.embeddingSize, deviation: count * one,
        seed: UInt64(seed))
      return (noise, count * one)
    }
  }

  private func result(
    _ base: CausalTrace.Base, _ layers: [[[Double]]], _ deviation: Double?
  ) -> TraceResult {
    TraceResult(
      tokens: row.text.encoding.tokens, quantityName: row.quantityName, target: row.target,
      options: options, deviation: deviation, base: base, layerCount: model.configuration.layers,
      restored: layers, interventions: bench.state.interventions.descriptions(on: model))
  }
}
