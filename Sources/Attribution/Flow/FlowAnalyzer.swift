import Transformers
import Faults
import Tensors

/// Tells how information flows to one token by looking at a single forward pass: baselines that influence patterns are
/// compared with. None of them knows the quantity of interest.
public struct FlowAnalyzer: Sendable {
  public let model: Transformer
  private let execution: Execution

  /// - Parameter execution: whether the network is run, or its work only counted.
  public init(model: Transformer, execution: Execution = .running) {
    (self.model, self.execution) = (model, execution)
  }

  /// - Parameters:
  ///   - check: Called between library calls; what it throws ends the computation.
  ///   - progress: Told the finished share.
  /// - Throws: ``AttributionFault`` for a target that is no token, `TransformerFault` for what the model cannot take.
  public func analyze(
    _ input: FlowInput, options: FlowOptions = FlowOptions(), check: @escaping InterruptionCheck,
    progress report: @escaping ProgressReport = { _ in }
  ) throws -> FlowAnalysis {
    try validate(input)
    try options.method.check(model, input.interventions)
    let sites = options.method.sites(in: model.configuration)
    let pass = try FlowPass(model, input, capturing: sites, execution, check: check)
    guard let target = pass.positions.firstIndex(of: input.target) else {
      preconditionFailure("target \(input.target) is no real token")
    }
    let units = options.method == .maxflow ? pass.positions.count : 1
    let progress = Progress(total: pass.layers * units, report)
    let routes =
      options.method == .ifr ? try pass.routes(options, check: check, progress: progress) : nil
    let mixing =
      try routes.map { pass.restricted($0.mixing) }
      ?? pass.mixing(options, check: check, progress: progress)
    let paths = options.method == .path ? mixing.bestPaths(to: target, direction: options.direction) : []
    let scores = try scores(mixing, to: target, options, check: check, progress: progress)
    progress.finish()
    return FlowAnalysis(
      target: input.target, layers: scores.map { $0.spread(over: pass) },
      mixing: mixing.tensor.spread(over: pass),
      paths: paths.map {
        AttentionPath(nodes: $0.nodes.map { pass.positions[$0] }, score: $0.score)
      }, routes: routes?.edges(to: input.target) ?? [])
  }

  private func validate(_ input: FlowInput) throws {
    guard !input.ids.isEmpty else { throw AttributionFault.noInput }
    let length = input.ids.count
    guard 0..<length ~= input.target else {
      throw AttributionFault.targetOutOfRange(input.target, sentence: 0, length: length)
    }
    guard input.mask[input.target] else {
      throw AttributionFault.targetIsPadding(input.target, sentence: 0)
    }
  }

  /// (L, real tokens)
  private func scores(
    _ mixing: ContextMixing, to target: Int, _ options: FlowOptions, check: InterruptionCheck,
    progress: Progress
  ) throws -> [[Double]] {
    switch options.method {
    case .rollout, .norm, .valuezeroing, .alti, .ifr: return mixing.rollout(to: target)
    case .decompx:
      return (0..<mixing.layers).map { layer in
        (0..<mixing.length).map { mixing[layer, target, $0] }
      }
    case .path:
      return (1...mixing.layers).map { layers in
        mixing.bestPaths(to: target, direction: options.direction, layers: layers).map(\.score)
      }
    case .maxflow:
      return try (1...mixing.layers).map { layers in
        try (0..<mixing.length).map { word in
          defer { progress.advance() }
          return try mixing.maximumFlow(from: word, to: target, layers: layers, check: check)
        }
      }
    }
  }
}

extension [Double] {
  /// Values of the real tokens at their positions, 0 at padding.
  fileprivate func spread(over pass: FlowPass) -> [Double] {
    var result = [Double](repeating: 0, count: pass.length)
    for (position, value) in zip(pass.positions, self) { result[position] = value }
    return result
  }
}

extension Tensor {
  /// (L, real, real) as (L, n, n), 0 at padding.
  fileprivate func spread(over pass: FlowPass) -> Tensor {
    let (n, positions) = (pass.length, pass.positions)
    guard positions.count != n else { return self }
    return Tensor(shape: [shape[0], n, n]) { target in
      target.update(repeating: 0)
      withUnsafeBufferPointer { source in
        for (i, value) in source.enumerated() {
          let (row, from) = (i / positions.count, positions[i % positions.count])
          let (layer, to) = (row / positions.count, positions[row % positions.count])
          target[(layer * n + to) * n + from] = value
        }
      }
    }
  }
}
