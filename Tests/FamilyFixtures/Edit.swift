import ExactText
import Tensors
import Transformers

/// `["L1.mlp@3", [0.1, ...]]`, null for zeros.
package struct Edit: Decodable {
  package let node: Node
  package let value: [Float]?

  package init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    let name = try container.decode(String.self)
    guard let node = Node(fixtureName: name) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no node: \(name)")
    }
    self.node = node
    value = try container.decodeNil() ? nil : container.decode([Float].self)
  }

  package var replacement: Replacement {
    Replacement(node: node, value: value.map { .vector(Tensor(shape: [$0.count], $0)) } ?? .zero)
  }
}

extension Node {
  /// As the fixtures write it, which is as the language does.
  package init?(fixtureName name: String) {
    let pattern =
      #/(?:embed|L(?<layer>\d+)(?:H(?<head>\d+))?(?:\.(?<part>attn|mlp_skip|mlp|skip|[qkv])(?:\[(?<neuron>\d+)\])?)?)(?:@(?<position>\d+))?/#
    guard let found = name.wholeMatch(of: pattern)?.output else { return nil }
    func number(_ text: Substring?) -> Int? { text.flatMap { Int($0) } }
    let component: Component =
      switch (found.part.map(String.init), number(found.head), number(found.neuron)) {
      case ("q", let head?, _): .query(head)
      case ("k", let head?, _): .key(head)
      case ("v", let head?, _): .value(head)
      case (_, let head?, _): .head(head)
      case (_, _, let neuron?): .neuron(neuron)
      case ("attn", _, _): .attention
      case ("mlp", _, _): .feedForward
      case ("skip", _, _): .skip
      case ("mlp_skip", _, _): .feedForwardSkip
      default: number(found.layer) == nil ? .embedding : .block
      }
    self.init(layer: number(found.layer), component: component, position: number(found.position))
    guard self.name == name else { return nil }
  }
}
