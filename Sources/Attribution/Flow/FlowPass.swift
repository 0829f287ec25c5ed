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
    var weights: [Double] = []
    for layer in 0..<layers where !options.method.readsOnlyAttention {
      weights +=
        options.method == .norm
        ? try NormContributions(self, layer: layer).norms(check: check)
        : try ValueZeroing(self, layer: layer, budget: options.memoryBudget).distances(check: check)
      progress.advance()
    }
    let whole =
      options.method.readsOnlyAttention
      ? ContextMixing(
        attention: (0..<layers).map { activation(.pattern, layer: $0) }, heads: options.heads,
        attends: { !replacesAttention(layer: $0, position: $1) },
        skips: { !replacesAttention(layer: $0, position: $1) || !replaces(.skip, layer: $0, position: $1) })
      : ContextMixing(layers: layers, length: length, weights: weights)
    return whole.closed { replaces(.block, layer: $0, position: $1) }.restricted(to: positions)
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
