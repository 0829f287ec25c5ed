import Attribution
import Encoders
import Foundation
import Scripting

/// Reads a pattern written by hand: `the -> L0@2 -> L3H5@7 -> Q`.
///
/// It begins with a word of the text (a token that occurs once, or a position); nodes follow in the order of the layers, any of
/// them left out; `Q` at the end may be written.
struct PatternText {
  let pattern: PathPattern

  init(_ text: String, of encoded: EncodedText, model: LoadedModel, interpreter: Interpreter) throws {
    var parts = text.components(separatedBy: "->").map { $0.trimmingCharacters(in: .whitespaces) }
    if parts.count > 1, parts.last == "Q" { parts.removeLast() }
    var last: PathPattern.Node?
    pattern = PathPattern(
      word: try Self.word(parts[0], of: encoded),
      nodes: try parts.dropFirst().map { part in
        guard let node = try Self.node(part, encoded, model, interpreter), let place = Self.place(node) else {
          throw PatternFault.patternNode(part)
        }
        if let last, Self.order(place) <= Self.order(last) { throw PatternFault.patternOrder(part) }
        last = place
        return place
      })
  }

  /// Where a node stands on the way: row 0, then for each layer its heads and skip connections, then its output.
  private static func order(_ node: PathPattern.Node) -> Int {
    switch node {
    case .hidden(let row, _): 2 * row
    case .head(let layer, _, _), .skip(let layer, _): 2 * layer + 1
    }
  }

  /// Block l's output is row l + 1 of the hidden states. nil for what is no node of a pattern.
  private static func place(_ node: Node) -> PathPattern.Node? {
    guard let position = node.position else { return nil }
    switch (node.component, node.layer) {
    case (.embedding, _): return .hidden(row: 0, position: position)
    case (.block, let layer?): return .hidden(row: layer + 1, position: position)
    case (.head(let head), let layer?): return .head(layer: layer, head: head, position: position)
    case (.skip, let layer?): return .skip(layer: layer, position: position)
    default: return nil
    }
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
    _ text: String, _ encoded: EncodedText, _ model: LoadedModel, _ interpreter: Interpreter
  ) throws -> Node? {
    let source = Source(name: nil, text: text)
    let script: Script
    do { script = try interpreter.parse(source) } catch is Diagnostic { return nil }
    guard script.statements.count == 1, case .expression(let expression) = script.statements[0].kind,
      case .node(let syntax) = expression.kind
    else { return nil }
    let resolver = NodeResolver(model: model, text: encoded, interpreter: interpreter, span: expression.span)
    guard case .nodes(let nodes) = try resolver.resolve(syntax), nodes.count == 1 else { return nil }
    return nodes[0]
  }
}
