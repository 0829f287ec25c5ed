import Attribution
import Transformers
import ExactText
import Faults
import Language
import Results
import Scripting
import Tensors

extension Bench {
  /// `L3H5@7` gives a node set, `L3.pattern` the tensor for the current text.
  func nodeValue(_ syntax: NodeSyntax, at span: Span) throws -> Value {
    let model = try session.locating(span) { try requireModel() }
    let resolver = NodeResolver(model: model, text: try? currentText(model), bench: self, span: span)
    switch try resolver.resolve(syntax) {
    case .nodes(let nodes): return .object(NodeSet(nodes: nodes))
    case .edges(let edges): return .object(edges)
    case .site(let site): return try session.locating(span) { .tensor(try activation(site, at: span)) }
    }
  }

  /// The value of an argument that must be a node or tensor; also accepts other libraries' names.
  ///
  /// - Parameter accepts: whether another object will do.
  func nodeOrTensor(
    _ expression: Expression, accepting accepts: (any ObjectValue) -> Bool = { _ in false }
  ) throws -> Value {
    if let value = try aliasValue(expression.span.text, at: expression.span) { return value }
    let value = try session.known(try session.evaluate(expression))
    switch value {
    case .tensor: return value
    case .string(let name):
      let object = try nodeSet(named: name, at: expression.span)
      guard object is NodeSet else { throw NodeFault.edgesNotTaken(verb: nil).located(expression.span) }
      return .object(object)
    case .number(let number): return .tensor(Tensor(scalar: Float(number)))
    case .object(let object) where object is NodeSet || accepts(object): return value
    case .object(let object) where object is AttentionEdgeSet:
      throw NodeFault.edgesNotTaken(verb: nil).located(expression.span)
    default: throw NodeFault.notANode(withArticle(value.typeName)).located(expression.span)
    }
  }

  /// The value of an argument that must be nodes, or an object that stands for some.
  func nodes(_ expression: Expression) throws -> Value {
    let name = expression.span.text
    if name == Site(.embed).name, session.variables[name] == nil {
      return .object(NodeSet(nodes: [Node(layer: nil, component: .embedding)]))
    }
    return try nodes(
      aliasValue(name, at: expression.span) ?? session.evaluate(expression), at: expression.span)
  }

  /// Strings are names of nodes, such as a sweep's rows have.
  private func nodes(_ value: Value, at span: Span) throws -> Value {
    switch value {
    case .object: return value
    case .record where WordPattern(saved: value) != nil: return value
    case .list(let elements): return .list(try elements.map { try nodes($0, at: span) })
    case .string(let name):
      return .object(try nodeSet(named: name, at: span))
    default: throw InterventionFault.notNodes(value.typeName).located(span)
    }
  }

  /// The nodes, or the attention edges, that a text names.
  ///
  /// - Throws: what is wrong with the name, at the place that gives the text.
  private func nodeSet(named name: String, at span: Span) throws -> any ObjectValue {
    do {
      if let set = try nodeSet(named: name) { return set }
    } catch let diagnostic as Diagnostic {
      throw Diagnostic(code: diagnostic.code, diagnostic.message, at: span, notes: diagnostic.notes)
    }
    throw InterventionFault.noNodeName(name).located(span)
  }

  /// nil when `name` is no name of nodes.
  private func nodeSet(named name: String) throws -> (any ObjectValue)? {
    guard let script = try unlessItFails({ try session.parse(Source(name: nil, text: name)) }),
      script.statements.count == 1,
      case .expression(let expression) = script.statements[0].kind
    else { return nil }
    switch expression.kind {
    case .node(let syntax):
      guard case .object(let object) = try nodeValue(syntax, at: expression.span) else { return nil }
      return object
    case .name(Site(.embed).name): return NodeSet(nodes: [Node(layer: nil, component: .embedding)])
    default: return nil
    }
  }

  /// The heads whose attention another library's name of a layer's pattern means; nil of another text.
  func heads(ofPattern text: String) -> NodeSet? {
    guard session.variables[text] == nil, Alias.isAlias(text), let configuration = model?.configuration,
      case .site(let site)? = Alias(text, in: configuration.blocks), site.kind == .pattern,
      let layer = site.layer, layer < configuration.layers
    else { return nil }
    return NodeSet(nodes: (0..<configuration.heads).map { Node(layer: layer, component: .head($0)) })
  }

  /// nil when `text` is no other library's name of a node or tensor.
  func aliasValue(_ text: String, at span: Span) throws -> Value? {
    guard session.variables[text] == nil, Alias.isAlias(text) else { return nil }
    let model = try session.locating(span) { try requireModel() }
    guard let alias = Alias(text, in: model.configuration.blocks) else { return nil }
    let resolver = NodeResolver(model: model, text: nil, bench: self, span: span)
    switch alias {
    case .site(let site):
      try resolver.check(.layer, site.layer ?? 0)
      return try session.locating(span) { .tensor(try activation(site, at: span)) }
    case .node(let node):
      do { try PlaceBounds(model.configuration).check(node) } catch {
        throw error.named(of: model).located(span)
      }
      return .object(NodeSet(nodes: [node]))
    case .ambiguous(let choices):
      throw NodeFault.ambiguousAlias(text, choices: choices.map(\.name)).located(span)
    case .unrotated(let site):
      throw NodeFault.unrotatedAlias(text, instead: site.name, model: model.name).located(span)
    }
  }
}
