import Transformers
import Language
import Results

/// Nodes in the order they were named.
struct NodeSet: ObjectValue {
  let nodes: [Node]

  var typeName: String { nodes.count == 1 ? "node" : "node set" }

  var summary: String {
    let shown = nodes.prefix(12).map(\.name).joined(separator: " ")
    return nodes.count > 12 ? "\(shown) ... (\(nodes.count) nodes)" : shown
  }

  var elements: [Value]? { nodes.map { .object(NodeSet(nodes: [$0])) } }

  var fields: Record {
    ["count": Value(nodes.count), "nodes": .list(nodes.map { .string($0.name) })]
  }
}
