import ExactText
import Faults

/// How many layers, heads, neurons and positions there are: every address is checked against these.
public struct PlaceBounds: Sendable {
  /// What the numbers of an address count, all from 0.
  public enum Part: String, Sendable, CaseIterable {
    case layer, head, neuron, position
    case keyHead = "key head"
  }

  private let configuration: TransformerConfiguration
  private let length: Int

  /// - Parameter length: n, tokens of the sequence; nil for any that the model can take.
  public init(_ configuration: TransformerConfiguration, length: Int? = nil) {
    self.configuration = configuration
    self.length = length ?? configuration.maxPositions
  }

  public func count(_ part: Part) -> Int {
    switch part {
    case .layer: configuration.layers
    case .head: configuration.heads
    case .keyHead: configuration.keyHeads
    case .neuron: configuration.intermediate
    case .position: length
    }
  }

  public func check(_ part: Part, _ number: Int) throws(PlaceFault) { try check(part, number, named: nil) }

  public func check(_ node: Node) throws(PlaceFault) {
    for (part, number) in node.numbers { try check(part, number, named: node.name) }
  }

  public func check(_ site: Site) throws {
    guard configuration.blocks.has(site.kind) else {
      throw SiteFault(
        site: site.name, family: configuration.family.rawValue,
        reason: configuration.blocks.reason(against: site.kind))
    }
    if let layer = site.layer { try check(.layer, layer, named: site.name) }
  }

  public func contains(_ node: Node) -> Bool { (try? check(node)) != nil }

  func check(_ part: Part, _ number: Int, named place: String?) throws(PlaceFault) {
    let count = count(part)
    guard 0..<count ~= number else {
      throw PlaceFault(place: place, part: part, number: number, count: count)
    }
  }
}

/// A number of an address that the model, or the sequence, does not have.
public struct PlaceFault: Fault, Equatable {
  /// `L3H5@7`; nil where the number stands alone.
  public let place: String?
  public let part: PlaceBounds.Part
  public let number: Int
  /// How many there are.
  public let count: Int

  public init(place: String?, part: PlaceBounds.Part, number: Int, count: Int) {
    (self.place, self.part, self.number, self.count) = (place, part, number, count)
  }

  public var code: String { "place-out-of-range" }

  public var message: String {
    (place.map { "\($0): " } ?? "") + "\(part.rawValue) \(number) is out of range 0...\(count - 1)"
  }

  public var remedy: String? { nil }
}

/// A site that models of a family do not have.
public struct SiteFault: Fault, Equatable {
  public let site: String
  public let family: String
  public let reason: String

  public var code: String { "site-not-there" }
  public var message: String { "\(family) has no \(site): \(reason)" }
  public var remedy: String? { nil }
}

extension Node {
  fileprivate var numbers: [(PlaceBounds.Part, Int)] {
    let own = component.counted.flatMap { part in component.number.map { (part, $0) } }
    return [layer.map { (.layer, $0) }, own, position.map { (.position, $0) }].compactMap { $0 }
  }
}
