import Attribution
import Transformers
import ExactText
import Language
import Scripting

/// Reads a pattern written by hand: `the -> L0@2 -> L3H5@7 -> Q`.
///
/// It begins with a word of the text (a token that occurs once, or a position); nodes follow in the order of the layers, any of
/// them left out; `Q` at the end may be written.
struct PatternText {
  let pattern: PathPattern

  init(_ text: String, of encoded: EncodedText, model: LoadedModel, bench: Bench) throws {
    var parts = text.split(separator: "->", omittingEmptySubsequences: false).map { String($0.trimmed()) }
    if parts.count > 1, parts.last == "Q" { parts.removeLast() }
    var last: Node?
    pattern = PathPattern(
      word: try Self.word(parts[0], of: encoded),
      nodes: try parts.dropFirst().map { part in
        guard let node = try Self.node(part, encoded, model, bench), node.position != nil,
          Self.isStep(node.component)
        else { throw PatternFault.patternNode(part) }
        if let last { try Self.checkStep(from: last, to: node, part, model.configuration) }
        last = node
        return node
      })
  }

  private static func isStep(_ component: Node.Component) -> Bool {
    component.isProjected || KeepMask.Kind(component) != nil
  }

  /// - Throws: ``PatternFault`` where no path leads from one to the other.
  private static func checkStep(
    from last: Node, to node: Node, _ text: String, _ configuration: TransformerConfiguration
  ) throws {
    guard order(node) > order(last) else { throw PatternFault.patternOrder(text) }
    guard node.row == nil, node.layer == last.layer else { return }
    if configuration.blocks.isParallel, node.component.isInFeedForward, last.component != .skip {
      throw PatternFault.parallelStep(text)
    }
    if last.component.isProjected, !leads(last, to: node, configuration) {
      throw PatternFault.projectedStep(from: last.name, to: text)
    }
    let moves = last.component.isProjected && last.component.counted == .keyHead
    if node.component.isInFeedForward, last.position != node.position, !moves {
      throw PatternFault.patternStep(text)
    }
  }

  /// Whether a query, key or value is read on the way to a node of its layer.
  private static func leads(_ last: Node, to node: Node, _ configuration: TransformerConfiguration) -> Bool {
    switch (last.component, node.component) {
    case (_, .skip): false
    case (.query(let own), .head(let head)): own == head && last.position == node.position
    case (.key(let own), .head(let head)), (.value(let own), .head(let head)):
      own == head / (configuration.heads / configuration.keyHeads)
    default: true
    }
  }

  /// Where a node stands on the way: row 0, then for each layer its queries, keys and values, its heads and skip connections, its
  /// feed-forward branch and the skip connection beside it, then its output.
  private static func order(_ node: Node) -> Int {
    if let row = node.row { return 4 * row }
    let place = node.component.isProjected ? 1 : node.component.isInFeedForward ? 3 : 2
    return 4 * (node.layer ?? 0) + place
  }

  private static func word(_ text: String, of encoded: EncodedText) throws -> Int {
    if let position = Int(text) { return try encoded.target(position: position) }
    let positions = encoded.encoding.tokens.indices.filter { encoded.encoding.tokens[$0] == text }
    guard let position = positions.first else {
      throw PatternFault.notAWordOfText(text, tokens: encoded.encoding.tokens)
    }
    guard positions.count == 1 else { throw PatternFault.severalWords(text, positions: positions) }
    return position
  }

  /// nil when `text` is not exactly one node.
  private static func node(
    _ text: String, _ encoded: EncodedText, _ model: LoadedModel, _ bench: Bench
  ) throws -> Node? {
    let source = Source(name: nil, text: text)
    let script: Script
    do { script = try bench.session.parse(source) } catch is Diagnostic { return nil }
    guard script.statements.count == 1, case .expression(let expression) = script.statements[0].kind,
      case .node(let syntax) = expression.kind
    else { return nil }
    let resolver = NodeResolver(model: model, text: encoded, bench: bench, span: expression.span)
    guard case .nodes(let nodes) = try resolver.resolve(syntax), nodes.count == 1 else { return nil }
    return nodes[0]
  }
}
