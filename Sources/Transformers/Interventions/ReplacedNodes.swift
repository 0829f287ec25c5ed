/// Which nodes have another value than the network computes.
package struct ReplacedNodes: Sendable {
  /// For each node the position up to which it is replaced.
  private let ends: [Node: Int]

  package init(_ interventions: Interventions) {
    ends = Dictionary(
      interventions.replacements.map { ($0.node, $0.value.length ?? .max) }, uniquingKeysWith: max)
  }

  package var isEmpty: Bool { ends.isEmpty }

  /// - Parameter layer: nil for the embedding
  package func contains(_ component: Node.Component, layer: Int?, position: Int) -> Bool {
    position < ends[Node(layer: layer, component: component)] ?? 0
      || position < ends[Node(layer: layer, component: component, position: position)] ?? 0
  }

  /// Whether nothing that the heads read reaches the attention's output.
  package func closesAttention(layer: Int, position: Int, heads: Int) -> Bool {
    contains(.attention, layer: layer, position: position)
      || (0..<heads).allSatisfy { contains(.head($0), layer: layer, position: position) }
  }

  /// Whether nothing of a block's input at a position reaches its output there but by way of heads.
  package func closesSkip(layer: Int, position: Int, in blocks: BlockKind) -> Bool {
    contains(.skip, layer: layer, position: position)
      || (blocks.isParallel && closesFeedForwards(layer: layer, position: position))
  }

  /// Whether nothing reaches a block's output; in parallel blocks heads lead past the feed-forward branch.
  package func closesBlock(layer: Int, position: Int, in blocks: BlockKind) -> Bool {
    contains(.block, layer: layer, position: position)
      || (!blocks.isParallel && closesFeedForwards(layer: layer, position: position))
  }

  private func closesFeedForwards(layer: Int, position: Int) -> Bool {
    contains(.feedForward, layer: layer, position: position)
      && contains(.feedForwardSkip, layer: layer, position: position)
  }
}
