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
          KeepMask.Kind(node.component) != nil
        else { throw PatternFault.patternNode(part) }
        if let last, Self.order(node) <= Self.order(last) { throw PatternFault.patternOrder(part) }
        if let last, node.component.isInFeedForward, last.layer == node.layer, last.position != node.position
        {
          throw PatternFault.patternStep(part)
        }
        if let last, model.configuration.blocks.isParallel, node.component.isInFeedForward,
          last.layer == node.layer, last.component != .skip
        {
          throw PatternFault.parallelStep(part)
        }
        last = node
        return node
      })
  }

  /// Where a node stands on the way: row 0, then for each layer its heads and skip connections, its feed-forward branch and
  /// the skip connection beside it, then its output.
  private static func order(_ node: Node) -> Int {
    node.row.map { 3 * $0 } ?? 3 * (node.layer ?? 0) + (node.component.isInFeedForward ? 2 : 1)
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
