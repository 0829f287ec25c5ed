import Transformers
import ExactText
import Faults
import Language
import Results
import Scripting

/// Turns the syntax of a node into nodes of one model, checking every number.
struct NodeResolver {
  enum Resolution {
    case nodes([Node])
    case edges(AttentionEdgeSet)
    case site(Site)
  }

  let model: LoadedModel
  /// nil when there is no current text to check positions against.
  let text: EncodedText?
  let bench: Bench
  let span: Span

  func resolve(_ syntax: NodeSyntax) throws -> Resolution {
    if let reads = syntax.reads { return .edges(try edges(syntax, reads)) }
    guard let layerSelector = syntax.layers else {
      guard syntax.component?.name == "embed" else { throw misplaced(syntax.component) }
      return .nodes(place([(nil, .embedding)], try positions(syntax.positions)))
    }
    let layers = try numbers(layerSelector, .layer)
    if let site = try site(syntax, layers: layers) { return .site(site) }
    let components = try components(syntax)
    let pairs = layers.flatMap { layer in components.map { (Optional(layer), $0) } }
    return .nodes(place(pairs, try positions(syntax.positions)))
  }

  /// `L3H7@7<-2`. An edge that is named alone has to be there; of several, those that are not are left out.
  private func edges(_ syntax: NodeSyntax, _ reads: NodeSyntax.Selector) throws -> AttentionEdgeSet {
    guard let layers = syntax.layers, let heads = syntax.heads, syntax.component == nil,
      let readers = syntax.positions
    else { throw NodeFault.edgeWithoutHead(span.text).located(span) }
    let set = AttentionEdgeSet(
      groups: [
        .init(
          layers: Set(try numbers(layers, .layer)).sorted(), heads: Set(try numbers(heads, .head)).sorted(),
          readers: try edgePositions(readers), reads: try edgePositions(reads))
      ], configuration: model.configuration, length: text?.count)
    let length = text?.count ?? (set.hasAllPositions ? nil : (set.largestPosition ?? 0) + 1)
    if let length, set.count(length: length) == 0 {
      throw NodeFault.nothingRead(span.text, isCausal: model.configuration.isCausal).located(span)
    }
    return set
  }

  private func edgePositions(_ selector: NodeSyntax.Selector) throws -> AttentionEdgeSet.Positions {
    if case .all = selector.kind { return .all }
    return .some(Set(try numbers(selector, .position)).sorted())
  }

  private func place(_ pairs: [(Int?, Node.Component)], _ positions: [Int?]) -> [Node] {
    pairs.flatMap { layer, component in
      positions.map { Node(layer: layer, component: component, position: $0) }
    }
  }

  private func site(_ syntax: NodeSyntax, layers: [Int]) throws -> Site? {
    guard let component = syntax.component, let kind = Site.Kind(named: component.name), kind.isPerLayer,
      syntax.heads == nil || Self.projections[component.name] == nil
    else { return nil }
    if let extra = syntax.heads?.span ?? syntax.positions?.span {
      throw NodeFault.misplacedPart(extra.text, in: span.text).located(extra)
    }
    guard layers.count == 1 else {
      throw NodeFault.severalNodes(layers.count, verb: kind.rawValue).located(span)
    }
    return Site(kind, layer: layers[0])
  }

  /// What a head has beside its context: `L3H7.q`.
  private static let projections:
    NameTable<(part: PlaceBounds.Part, node: @Sendable (Int) -> Node.Component)> = [
      "q": (.head, { .query($0) }), "k": (.keyHead, { .key($0) }), "v": (.keyHead, { .value($0) }),
    ]

  private func components(_ syntax: NodeSyntax) throws -> [Node.Component] {
    if let heads = syntax.heads {
      guard let component = syntax.component else { return try numbers(heads, .head).map { .head($0) } }
      guard let projection = Self.projections[component.name] else { throw misplaced(component) }
      return try numbers(heads, projection.part).map(projection.node)
    }
    switch syntax.component?.name {
    case nil: return [.block]
    case "skip": return [.skip]
    case "attn": return [.attention]
    case "mlp_skip": return [.feedForwardSkip]
    case "mlp":
      guard let neurons = syntax.neurons else { return [.feedForward] }
      return try numbers(neurons, .neuron).map { .neuron($0) }
    case .some(let name):
      let known =
        ["skip", "attn", "mlp", "mlp_skip"] + Site.Kind.allCases.filter(\.isPerLayer).map(\.rawValue)
      throw NodeFault.unknownComponent(name, suggestion: closest(to: name, in: known))
        .located(syntax.component?.span ?? span)
    }
  }

  /// `[nil]` (all positions together) without a selector.
  private func positions(_ selector: NodeSyntax.Selector?) throws -> [Int?] {
    guard let selector else { return [nil] }
    return try numbers(selector, .position).map { $0 }
  }

  private var bounds: PlaceBounds { PlaceBounds(model.configuration, length: text?.count) }

  private func numbers(_ selector: NodeSyntax.Selector, _ part: PlaceBounds.Part) throws -> [Int] {
    let numbers: [Int]
    switch selector.kind {
    case .all: return Array(0..<bounds.count(part))
    case .numbers(let range):
      // Checked before it is spread: the range may be astronomically long.
      try check(part, range.upperBound, at: selector.span)
      numbers = Array(range)
    case .expressions(let expressions):
      numbers = try expressions.flatMap { try spread($0, part) }
    }
    for number in numbers { try check(part, number, at: selector.span) }
    return numbers
  }

  private func spread(_ expression: Expression, _ part: PlaceBounds.Part) throws -> [Int] {
    let value = try bench.session.evaluate(expression)
    switch value {
    case .range(let range):
      if range.count > 0 {
        try check(part, range.lower, at: expression.span)
        try check(part, range.upper - 1, at: expression.span)
      }
      return Array(range.lower..<range.upper)
    case .list(let elements):
      return try elements.map { try bench.session.wholeNumber($0, at: expression.span) }
    default: return [try bench.session.wholeNumber(value, at: expression.span)]
    }
  }

  func check(_ part: PlaceBounds.Part, _ number: Int, at place: Span? = nil) throws {
    do { try bounds.check(part, number) } catch {
      throw error.named(of: model, text).located(place ?? span)
    }
  }

  private func misplaced(_ component: Identifier?) -> Diagnostic {
    NodeFault.misplacedPart(component?.name ?? "@", in: span.text).located(component?.span ?? span)
  }
}

extension PlaceFault {
  /// The fault in the user's terms: a position is one of the text where there is one, all else is the model's.
  func named(of model: LoadedModel, _ text: EncodedText? = nil) -> any Fault {
    if part == .position, text != nil { return TextFault.positionOutOfRange(number, length: count) }
    return NodeFault.outOfRange(what: part.rawValue, number: number, count: count, model: model.name)
  }
}
