import Transformers
import Faults
import Language
import Results
import Scripting
import Tensors

extension Bench {
  /// One activation of the current text, without the batch dimension: `L2.pattern` is (heads, n, n).
  ///
  /// - Parameter span: Where it is asked for, for a warning.
  func activation(_ site: Site, at span: Span? = nil) throws -> Tensor {
    let activation = try capture(site).activation
    warnUnlessFinite("numbers of \(site.name)", activation, at: span)
    return activation
  }

  private func capture(_ site: Site) throws -> (activation: Tensor, interventions: Interventions) {
    let model = try requireModel()
    let text = try currentText(model)
    let site = logitsOfOnlyHead(site, model)
    // Its size is what the configuration says of a head that is not there.
    if site.kind == .classLogits, !model.hasClassifier {
      throw TransformerFault.missingHead(.classifier)
    }
    if let dryRun = session.dryRun { return (dryActivation(site, length: text.count, model, dryRun), .none) }
    try checkMemory(model, length: text.count, capturing: [site])
    let interventions = try interventions(for: text, model)
    let request = ForwardRequest(capture: [site], interventions: [interventions])
    let result = try model.transformer.forward(text.batch, request, check: session.checkInterruption)
    guard let tensor = result.activations[site] else {
      preconditionFailure("the forward pass did not capture \(site.name)")
    }
    return (tensor[0], interventions)
  }

  /// The attention probabilities of some layers, (heads, n, n) each, in one pass.
  func patterns(ofLayers layers: [Int], at span: Span? = nil) throws -> [Int: Tensor] {
    let sites = layers.map { Site(.pattern, layer: $0) }
    let model = try requireModel()
    let text = try currentText(model)
    if let dryRun = session.dryRun {
      return Dictionary(
        uniqueKeysWithValues: zip(layers, sites.map { dryActivation($0, length: text.count, model, dryRun) }))
    }
    try checkMemory(model, length: text.count, capturing: Set(sites))
    let request = ForwardRequest(
      capture: Set(sites), interventions: [try interventions(for: text, model)])
    let activations = try model.transformer.forward(text.batch, request, check: session.checkInterruption)
      .activations
    return Dictionary(
      uniqueKeysWithValues: zip(layers, sites).map { layer, site in
        guard let tensor = activations[site] else {
          preconditionFailure("the forward pass did not capture \(site.name)")
        }
        let pattern = tensor[0]
        warnUnlessFinite("numbers of \(site.name)", pattern, at: span)
        return (layer, pattern)
      })
  }

  /// What a single node carries: a hidden state, a head's context vector, a neuron's activation.
  func activation(of node: Node) throws -> Tensor {
    try checkStill(node)
    var (whole, interventions) = try capture(node.site(in: requireModel().configuration.blocks))
    // The site is the input of the block, of which the skip connection's copy alone is replaced.
    if node.component == .skip || node.component == .feedForwardSkip {
      interventions.replace(node.component, in: &whole, layer: node.layer)
    }
    var places: [TensorSubscript] = [node.position.map { .index($0) } ?? .all]
    if let number = node.component.number { places.append(.index(number)) }
    return try whole.sliced(places)
  }

  /// The tensor that an argument of kind `.node` names.
  func tensor(_ argument: Arguments.Bound, verb: String) throws -> Tensor {
    switch argument.value {
    case .tensor(let tensor): return tensor
    case .object(let object):
      guard let set = object as? NodeSet else { break }
      return try session.locating(argument.span) { try activation(of: set, verb: verb) }
    default: break
    }
    throw NodeFault.notANode(withArticle(argument.value.typeName)).located(argument.span)
  }

  func activation(of set: NodeSet, verb: String) throws -> Tensor {
    guard set.nodes.count == 1 else { throw NodeFault.severalNodes(set.nodes.count, verb: verb) }
    return try activation(of: set.nodes[0])
  }

  /// A node that was kept in a variable may not fit the model and text that are current now.
  func checkStill(_ node: Node) throws {
    let model = try requireModel()
    let bounds = PlaceBounds(model.configuration, length: try currentText(model).count)
    guard bounds.contains(node) else { throw NodeFault.staleNode(node.name) }
  }

  /// `logits` of a model whose only head is a classifier are the class logits.
  private func logitsOfOnlyHead(_ site: Site, _ model: LoadedModel) -> Site {
    site.kind == .logits && !model.hasLanguageHead ? Site(.classLogits) : site
  }

  /// Refuses a pass that exceeds the budget.
  func checkMemory(_ model: LoadedModel, length: Int, capturing sites: Set<Site>) throws {
    try checkMemory(model, length: length, ForwardRequest(capture: sites))
  }

  func checkMemory(_ model: LoadedModel, length: Int, _ request: ForwardRequest) throws {
    let (needed, budget) = (
      ForwardExtent(try model.transformer, request, rows: 1, length: length).memory, session.workingMemory
    )
    guard needed <= budget else { throw MemoryFault(needed: needed, budget: budget) }
  }

  /// A tensor of the shape that the activation has, while a script is checked.
  private func dryActivation(
    _ site: Site, length: Int, _ model: LoadedModel, _ dryRun: DryRun
  ) -> Tensor {
    dryRun.uses += 1
    let shape = site.shape(in: model.configuration, rows: 1, length: length)
    return Tensor(shape: shape, repeating: 0)[0]
  }
}
