/// A set of paths from a word to the quantity of interest, given by nodes they must go through.
///
/// Nodes of one cut are alternatives: a path goes through one of the pattern's nodes of each row of hidden states that
/// has any, and through one of the pattern's heads and skip connections of each layer that has any. Everything else is
/// free. Rows and layers: row 0 is the embedding output, layer l (0-based) leads from row l to row l+1.
public struct PathPattern: Sendable, Hashable {
  public enum Node: Sendable, Hashable {
    /// h^row at a position, row 0 ... L.
    case hidden(row: Int, position: Int)
    /// One head's context vector at a position.
    case head(layer: Int, head: Int, position: Int)
    /// The attention block's skip connection at a position.
    case skip(layer: Int, position: Int)
  }

  /// The word the paths start from; nil for all words together.
  public var word: Int?
  public var nodes: [Node]

  public init(word: Int?, nodes: [Node]) {
    self.word = word
    self.nodes = nodes
  }
}

/// A pattern as masks: what is open in each row and layer of one sentence.
struct PathMask {
  private struct Head: Hashable {
    let head: Int
    let position: Int
  }

  let word: Int?
  /// Open positions of each row; nil when all are.
  private var hidden: [Set<Int>?]
  /// Open heads and skip connections of each layer; nil when all are.
  private var heads: [Set<Head>?]
  private var skips: [Set<Int>?]

  /// Nothing is closed but what other words move.
  init(word: Int?, layers: Int) {
    self.word = word
    hidden = Array(repeating: nil, count: layers + 1)
    heads = Array(repeating: nil, count: layers)
    skips = Array(repeating: nil, count: layers)
  }

  /// - Throws: ``AttributionFault`` for a node that the model or the sentence does not have.
  init(_ pattern: PathPattern, _ sentence: Sentence, layers: Int, heads headCount: Int) throws {
    func index(_ position: Int) throws -> Int {
      guard let index = sentence.positions.firstIndex(of: position) else {
        throw AttributionFault.positionOutOfRange(position, length: sentence.paddedLength)
      }
      return index
    }
    func checkLayer(_ layer: Int) throws {
      guard 0..<layers ~= layer else { throw AttributionFault.layerOutOfRange(layer, layers: layers) }
    }
    self.init(word: try pattern.word.map(index), layers: layers)
    for node in pattern.nodes {
      switch node {
      case .hidden(let row, let position):
        guard 0...layers ~= row else { throw AttributionFault.rowOutOfRange(row, layers: layers) }
        hidden[row] = (hidden[row] ?? []).union([try index(position)])
      case .head(let layer, let head, let position):
        try checkLayer(layer)
        guard 0..<headCount ~= head else {
          throw AttributionFault.headOutOfRange(head, heads: headCount)
        }
        heads[layer] = (heads[layer] ?? []).union([Head(head: head, position: try index(position))])
        skips[layer] = skips[layer] ?? []
      case .skip(let layer, let position):
        try checkLayer(layer)
        skips[layer] = (skips[layer] ?? []).union([try index(position)])
        heads[layer] = heads[layer] ?? []
      }
    }
  }

  func isRestricted(row: Int) -> Bool { hidden[row] != nil }
  func isRestricted(layer: Int) -> Bool { heads[layer] != nil }

  func isOpen(row: Int, position: Int) -> Bool { hidden[row]?.contains(position) ?? true }
  func isOpen(layer: Int, skip position: Int) -> Bool { skips[layer]?.contains(position) ?? true }
  func isOpen(layer: Int, head: Int, position: Int) -> Bool {
    heads[layer]?.contains(Head(head: head, position: position)) ?? true
  }
}
