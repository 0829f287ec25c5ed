import Attribution
import Transformers
import Foundation
import Tensors
import Testing

/// A random model with replaced activations.
struct InterventionCase: CustomTestStringConvertible, Sendable {
  let name: String
  let random: RandomCase
  let interventions: Interventions
  /// A padding token within the sentence.
  var hole: Int?

  static let length = 4

  var testDescription: String { "\(name), \(random.testDescription)" }

  func input(seed: Int = 0) -> AttributionInput {
    var input = random.input(length: Self.length, seed: seed)
    input.interventions = interventions
    if let hole { input.mask[hole] = false }
    return input
  }

  private static func values(_ count: Int, seed: Int) -> [Float] {
    (0..<count).map { Float(sin(Double($0 * 17 + seed * 5 + 3))) / 2 }
  }

  private enum Kind { case zero, vector, positions }

  private static func replacement(
    _ component: Node.Component, layer: Int, at position: Int?, _ kind: Kind
  ) -> Replacement {
    let node = Node(layer: component == .embedding ? nil : layer, component: component, position: position)
    let width = node.width(in: RandomCase.all[0].configuration)
    let value: Replacement.Value =
      switch kind {
      case .zero: .zero
      case .vector: .vector(Tensor(shape: [width], values(width, seed: layer)))
      case .positions:
        .positions(Tensor(shape: [length, width], values(length * width, seed: layer)))
      }
    return Replacement(node: node, value: value)
  }

  private static let components: [Node.Component] = [
    .embedding, .block, .head(1), .skip, .attention, .feedForward, .neuron(3),
  ]

  /// Each kind of node at one position and at all, in the first, a middle and the last layer, with each kind of value.
  private static var single: [InterventionCase] {
    components.enumerated().flatMap { index, component in
      let randoms = (0..<3).map { RandomCase.all[(index + 2 * $0) % RandomCase.all.count] }
      let target = randoms[2].input(length: length).target
      let places: [(String, Replacement)] = [
        ("a vector at one position", replacement(component, layer: 1, at: 2, .vector)),
        ("rows at all positions", replacement(component, layer: 0, at: nil, .positions)),
        ("zero at the target", replacement(component, layer: 2, at: target, .zero)),
      ]
      return zip(places, randoms).map { place, random in
        InterventionCase(
          name: "\(component): \(place.0)", random: random, interventions: Interventions([place.1]))
      }
    }
  }

  /// Replacements that meet in one layer, at one output or at one node, where the later one wins.
  private static var together: [InterventionCase] {
    let heads: [Replacement] = [
      replacement(.head(0), layer: 1, at: nil, .zero), replacement(.head(0), layer: 1, at: 1, .vector),
      replacement(.head(1), layer: 1, at: 1, .zero), replacement(.skip, layer: 1, at: 0, .positions),
    ]
    let whole: [Replacement] = [
      replacement(.attention, layer: 0, at: 3, .zero), replacement(.skip, layer: 0, at: 3, .vector),
      replacement(.attention, layer: 2, at: nil, .positions),
      replacement(.feedForward, layer: 1, at: 2, .zero),
      replacement(.neuron(13), layer: 0, at: nil, .vector), replacement(.neuron(0), layer: 2, at: nil, .zero),
    ]
    let states: [Replacement] = [
      replacement(.embedding, layer: 0, at: 3, .zero), replacement(.block, layer: 0, at: 1, .positions),
      replacement(.skip, layer: 2, at: nil, .zero), replacement(.block, layer: 1, at: 3, .vector),
    ]
    let lists = [heads, whole, states, heads + whole + states]
    return lists.enumerated().map { index, list in
      InterventionCase(
        name: "list \(index)", random: RandomCase.all[index + 1], interventions: Interventions(list))
    }
  }

  private static var padded: InterventionCase {
    InterventionCase(
      name: "a hole", random: RandomCase.all[0],
      interventions: Interventions([
        replacement(.block, layer: 0, at: 3, .positions),
        replacement(.head(0), layer: 1, at: nil, .positions),
        replacement(.block, layer: 1, at: 1, .vector), replacement(.skip, layer: 2, at: 2, .zero),
      ]), hole: 1)
  }

  static let all: [InterventionCase] = single + together + [padded]
}
