import Encoders
import Results
import Tensors

extension Interpreter {
  /// The current text in the tokens of `model`.
  func currentText(_ model: LoadedModel) throws -> EncodedText {
    guard let text = session.text else { throw ShellFault.noText }
    return try EncodedText(text, model: model)
  }

  /// One activation of the current text, without the batch dimension: `L2.pattern` is (heads, n, n).
  func activation(_ site: Site) throws -> Tensor { try capture(site).activation }

  private func capture(_ site: Site) throws -> (activation: Tensor, interventions: Interventions) {
    let model = try session.requireModel()
    let text = try currentText(model)
    let site = logitsOfOnlyHead(site, model)
    if let dryRun { return (dryActivation(site, length: text.count, model, dryRun), .none) }
    try checkMemory(model, length: text.count, capturing: [site])
    let interventions = try interventions(for: text, model)
    let request = ForwardRequest(capture: [site], interventions: [interventions])
    let result = try model.encoder.forward(text.batch, request, check: checkInterruption)
    guard let tensor = result.activations[site] else {
      preconditionFailure("the forward pass did not capture \(site.name)")
    }
    return (tensor[0], interventions)
  }

  /// What a single node carries: a hidden state, a head's context vector, a neuron's activation.
  func activation(of node: Node) throws -> Tensor {
    try checkStill(node)
    var (whole, interventions) = try capture(node.site)
    // The site is the input of the block, of which the skip connection's copy alone is replaced.
    if node.component == .skip { interventions.replaceSkips(in: &whole, layer: node.layer) }
    var places: [TensorSubscript] = [node.position.map { .index($0) } ?? .all]
    switch node.component {
    case .head(let head): places.append(.index(head))
    case .neuron(let neuron): places.append(.index(neuron))
    default: break
    }
    return try whole.sliced(places)
  }

  /// A node that was kept in a variable may not fit the model and text that are current now.
  func checkStill(_ node: Node) throws {
    let model = try session.requireModel()
    let bounds = PlaceBounds(model.configuration, length: try currentText(model).count)
    guard bounds.contains(node) else { throw ShellFault.staleNode(node.name) }
  }

  /// `logits` of a model whose only head is a classifier are the class logits.
  private func logitsOfOnlyHead(_ site: Site, _ model: LoadedModel) -> Site {
    site.kind == .logits && !model.encoder.hasMaskedLMHead ? Site(.classLogits) : site
  }

  /// Refuses a pass that exceeds the budget.
  func checkMemory(_ model: LoadedModel, length: Int, capturing sites: Set<Site>) throws {
    try checkMemory(model, length: length, ForwardRequest(capture: sites))
  }

  func checkMemory(_ model: LoadedModel, length: Int, _ request: ForwardRequest) throws {
    let (needed, budget) = (
      ForwardExtent(model.encoder, request, rows: 1, length: length).memory, session.settings.maxMemory
    )
    guard needed <= budget else { throw MemoryFault(needed: needed, budget: budget) }
  }
}
