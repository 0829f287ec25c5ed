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
  func activation(_ site: Site) throws -> Tensor {
    let model = try session.requireModel()
    let text = try currentText(model)
    let site = logitsOfOnlyHead(site, model)
    if let dryRun { return dryActivation(site, length: text.count, model, dryRun) }
    try checkMemory(model, length: text.count, capturing: [site])
    let request = ForwardRequest(capture: [site])
    let result = try model.encoder.forward(text.batch, request, check: checkInterruption)
    guard let tensor = result.activations[site] else {
      preconditionFailure("the forward pass did not capture \(site.name)")
    }
    return tensor[0]
  }

  /// What a single node carries: a hidden state, a head's context vector, a neuron's activation.
  func activation(of node: Node) throws -> Tensor {
    try checkStill(node)
    let whole = try activation(node.site)
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
    let (length, c) = (try currentText(model).count, model.configuration)
    let isComponentThere =
      switch node.component {
      case .head(let head): head < c.heads
      case .neuron(let neuron): neuron < c.intermediate
      default: true
      }
    guard isComponentThere, (node.layer ?? 0) < c.layers, (node.position ?? 0) < length else {
      throw ShellFault.staleNode(node.name)
    }
  }

  /// `logits` of a model whose only head is a classifier are the class logits.
  private func logitsOfOnlyHead(_ site: Site, _ model: LoadedModel) -> Site {
    site.kind == .logits && !model.encoder.hasMaskedLMHead ? Site(.classLogits) : site
  }

  /// Refuses a pass whose buffers and captured activations exceed the budget.
  func checkMemory(_ model: LoadedModel, length: Int, capturing sites: Set<Site>) throws {
    let c = model.configuration
    let buffers = length * (8 * c.hidden + 2 * c.intermediate) + c.heads * length * length
    let captured = sites.reduce(0) {
      $0 + $1.shape(in: c, rows: 1, length: length).reduce(1, *)
    }
    let bytes = (buffers + captured) * MemoryLayout<Float>.stride
    guard bytes <= session.settings.maxMemory else {
      throw ShellFault.memory(needed: bytes, budget: session.settings.maxMemory)
    }
  }
}
