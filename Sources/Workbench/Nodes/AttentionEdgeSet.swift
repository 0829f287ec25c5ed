import ExactText
import Faults
import Language
import Results
import Transformers

/// Attention edges in the order they were named: heads that read from positions at positions.
///
/// Positions that are all are those of each text that the edges are of; what a head does not read there is left out.
struct AttentionEdgeSet: ObjectValue {
  enum Positions: Sendable, Equatable {
    case all
    case some([Int])

    func numbers(length: Int) -> [Int] {
      switch self {
      case .all: Array(0..<length)
      case .some(let numbers): numbers
      }
    }

    fileprivate var largest: Int? {
      if case .some(let numbers) = self { numbers.max() } else { nil }
    }

    fileprivate var name: String {
      switch self {
      case .all: "*"
      case .some(let numbers): Self.name(of: numbers)
      }
    }

    /// `2`, `0-5` or `{2, 5}`.
    private static func name(of numbers: [Int]) -> String {
      guard let first = numbers.first, numbers.count > 1 else { return commas(numbers) }
      let isRange = numbers.enumerated().allSatisfy { $0.element == first + $0.offset }
      return isRange ? "\(first)-\(first + numbers.count - 1)" : "{\(commas(numbers))}"
    }
  }

  struct Group: Sendable, Equatable {
    let layers: [Int]
    let heads: [Int]
    let readers: Positions
    let reads: Positions

    /// As it may be typed: `L0-1H3@*<-2`.
    fileprivate var name: String {
      "L\(Positions.some(layers).name)H\(Positions.some(heads).name)@\(readers.name)<-\(reads.name)"
    }
  }

  let groups: [Group]
  let configuration: TransformerConfiguration
  /// Tokens of the text that was current; nil where there was none.
  let length: Int?

  init(groups: [Group], configuration: TransformerConfiguration, length: Int?) {
    (self.groups, self.configuration, self.length) = (groups, configuration, length)
  }

  init(_ edges: [AttentionEdge], configuration: TransformerConfiguration, length: Int?) {
    self.init(
      groups: edges.map {
        Group(layers: [$0.layer], heads: [$0.head], readers: .some([$0.reader]), reads: .some([$0.read]))
      }, configuration: configuration, length: length)
  }

  /// Those of a text of so many tokens that are read there, each once.
  func edges(length: Int) -> [AttentionEdge] {
    var seen: Set<AttentionEdge> = []
    return groups.flatMap { group in
      group.layers.flatMap { layer -> [AttentionEdge] in
        let mask = configuration.blocks.mask(layer)
        return group.heads.flatMap { head in
          group.readers.numbers(length: length).flatMap { reader -> [AttentionEdge] in
            let keys = mask.keys(of: reader, length: length)
            return group.reads.numbers(length: length).filter(keys.contains).map {
              AttentionEdge(layer: layer, head: head, reader: reader, read: $0)
            }
          }
        }
      }
    }.filter { seen.insert($0).inserted }
  }

  /// The largest position that is named.
  var largestPosition: Int? { groups.flatMap { [$0.readers.largest, $0.reads.largest] }.compactMap { $0 }.max() }

  /// Whether the edges depend on how long a text is.
  var hasAllPositions: Bool { groups.contains { $0.readers == .all || $0.reads == .all } }

  /// Whether layers and heads are a model's.
  func fits(_ other: TransformerConfiguration) -> Bool {
    groups.allSatisfy { group in
      group.layers.allSatisfy { $0 < other.layers } && group.heads.allSatisfy { $0 < other.heads }
    }
  }

  /// Of what is known without a text.
  private var known: [AttentionEdge]? {
    if let length { return edges(length: length) }
    return hasAllPositions ? nil : edges(length: (largestPosition ?? 0) + 1)
  }

  var typeName: String { known?.count == 1 ? "attention edge" : "attention edges" }

  /// What tells it from others.
  var name: String { groups.map(\.name).joined(separator: " ") }

  var summary: String {
    let shown = groups.prefix(12).map(\.name).joined(separator: " ")
    let count = known.map { " (\($0.count) edges)" } ?? ""
    return groups.count > 12 ? "\(shown) ...\(count)" : known?.count == 1 ? shown : shown + count
  }

  var elements: [Value]? {
    known.map { edges in
      edges.map { .object(AttentionEdgeSet([$0], configuration: configuration, length: length)) }
    }
  }

  /// null where the edges are those of any text.
  var fields: Record {
    let known = known
    return [
      "count": known.map { Value($0.count) } ?? .null, "edges": known.map { .strings($0.map(\.name)) } ?? .null,
    ]
  }
}
