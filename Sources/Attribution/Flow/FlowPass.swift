import Transformers
import Faults
import Tensors

/// The activations of one sentence that a ``FlowMethod`` reads.
struct FlowPass {
  let model: Transformer
  let batch: TokenBatch
  let interventions: Interventions
  private let replaced: ReplacedNodes
  private let execution: Execution
  private let activations: [Site: Tensor]

  init(
    _ model: Transformer, _ input: FlowInput, capturing sites: Set<Site>, _ execution: Execution,
    check: @escaping InterruptionCheck
  ) throws {
    (self.model, self.execution) = (model, execution)
    interventions = input.interventions
    replaced = ReplacedNodes(interventions)
    batch = TokenBatch(
      ids: input.ids, types: input.types, mask: input.mask, rows: 1, length: input.ids.count)
    let request = ForwardRequest(
      capture: sites, interventions: interventions.isEmpty ? [] : [interventions])
    activations = try execution.perform(model.plan(batch, request, check: check)).activations
  }

  /// Another pass of the network.
  func run(
    _ batch: TokenBatch, _ request: ForwardRequest, check: @escaping InterruptionCheck
  ) throws -> ForwardResult {
    try execution.perform(model.plan(batch, request, check: check))
  }

  var layers: Int { model.configuration.layers }
  /// n, padding included.
  var length: Int { batch.length }
  /// The real tokens.
  var positions: [Int] { batch.mask.indices.filter { batch.mask[$0] } }

  /// An activation without the batch's dimension.
  func activation(_ kind: Site.Kind, layer: Int) -> Tensor {
    guard let tensor = activations[Site(kind, layer: layer)] else {
      preconditionFailure("\(kind) of layer \(layer) was not captured")
    }
    return tensor[0]
  }

  /// The matrices that `options.method` derives from the activations, of the real tokens.
  ///
  /// A token whose row of the layer cannot matter has a closed one, whatever the method: zeros where its hidden state after
  /// the layer is replaced, or its attention and its skip connection are; the skip connection alone where its attention
  /// is, as a whole or with all of its heads. What else is replaced shows as far as the method reads it: attention
  /// probabilities are those of the network under the interventions, and know nothing of one replaced head among others or
  /// of a replaced skip connection beside attention.
  func mixing(
    _ options: FlowOptions, check: @escaping InterruptionCheck, progress: Progress
  ) throws -> ContextMixing {
    let weights =
      options.method.readsOnlyAttention ? [] : try weights(options, check: check, progress: progress)
    let whole =
      options.method.readsOnlyAttention
      ? ContextMixing(
        attention: (0..<layers).map { activation(.pattern, layer: $0) }, heads: options.heads,
        attends: { !replacesAttention(layer: $0, position: $1) },
        skips: { !replacesAttention(layer: $0, position: $1) || !replaces(.skip, layer: $0, position: $1) })
      : ContextMixing(layers: layers, length: length, weights: weights)
    return restricted(whole)
  }

  /// Of the real tokens, those closed whose state is replaced.
  func restricted(_ mixing: ContextMixing) -> ContextMixing {
    mixing.closed { replaces(.block, layer: $0, position: $1) }.restricted(to: positions)
  }

  /// (L, n, n), of a method that reads more than attention.
  private func weights(
    _ options: FlowOptions, check: @escaping InterruptionCheck, progress: Progress
  ) throws -> [Double] {
    if options.method == .decompx { return try decomposition(options, check: check, progress: progress) }
    return try (0..<layers).flatMap { layer in
      defer { progress.advance() }
      switch options.method {
      case .valuezeroing:
        return try ValueZeroing(self, layer: layer, budget: options.memoryBudget).distances(check: check)
      case .alti: return try NormContributions(self, layer: layer).proximities(check: check)
      default: return try NormContributions(self, layer: layer).norms(check: check)
      }
    }
  }

  /// (L, n, n): the norms of what each token has of each input token after each layer.
  ///
  /// - Throws: ``AttributionFault/tooManyPairs(needed:budget:)``.
  private func decomposition(
    _ options: FlowOptions, check: @escaping InterruptionCheck, progress: Progress
  ) throws -> [Double] {
    let bytes = TokenDecomposition.bytes(model.configuration, length: length)
    guard bytes <= options.memoryBudget else {
      throw AttributionFault.tooManyPairs(needed: bytes, budget: options.memoryBudget)
    }
    let (count, configuration) = (layers * length * length, model.configuration)
    return try execution.perform(
      Plan(
        work: {
          let pairs = length * length
          let layer = configuration.layerOperations(tokens: pairs, outputs: pairs, length: length)
          return Work(operations: Double(layers) * layer, bytes: bytes)
        }, form: { Array(repeating: 1, count: count) },
        run: {
          let parts = TokenDecomposition(self, check: check)
          return try (0..<layers).flatMap { layer in
            defer { progress.advance() }
            try parts.advance(through: layer)
            return try parts.norms()
          }
        }))
  }

  /// Information flow routes; in a check only what their work is.
  func routes(
    _ options: FlowOptions, check: @escaping InterruptionCheck, progress: Progress
  ) throws -> InformationRoutes {
    let c = model.configuration
    // A pair of tokens costs a head as much as a few products do.
    let operations = 4 * Double(layers * length * length) * Double(c.heads * c.hidden)
    return try execution.perform(
      Plan(
        work: { Work(operations: operations) }, form: { InformationRoutes(formOf: self) },
        run: {
          try InformationRoutes(self, threshold: options.threshold, check: check, progress: progress)
        }))
  }
}

// MARK: Replaced values
extension FlowPass {
  /// Whether `component` of a layer has another value than the network computes there.
  func replaces(_ component: Node.Component, layer: Int, position: Int) -> Bool {
    replaced.contains(component, layer: layer, position: position)
  }

  /// Whether nothing that the heads read reaches the attention's output.
  func replacesAttention(layer: Int, position: Int) -> Bool {
    replaced.closesAttention(layer: layer, position: position, heads: model.configuration.heads)
  }
}
