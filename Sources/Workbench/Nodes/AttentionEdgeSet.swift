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

  /// Those of a text of so many tokens that are read there.
  func edges(length: Int) throws -> [AttentionEdge] {
    var steps = Steps()
    return try groups.flatMap { group in
      let (readers, reads) = (group.readers.numbers(length: length), group.reads.numbers(length: length))
      return try group.layers.flatMap { layer in
        let mask = configuration.blocks.mask(layer)
        return try group.heads.flatMap { head in
          try readers.flatMap { reader in
            let keys = mask.keys(of: reader, length: length)
            return try reads.filter(keys.contains).map { read in
              try steps.next()
              return AttentionEdge(layer: layer, head: head, reader: reader, read: read)
            }
          }
        }
      }
    }
  }

  /// How many these are.
  func count(length: Int) -> Int {
    groups.reduce(0) { sum, group in
      let (readers, reads) = (group.readers.numbers(length: length), group.reads.numbers(length: length))
      let pairs = group.layers.reduce(0) { sum, layer in
        let mask = configuration.blocks.mask(layer)
        return sum + readers.reduce(0) { sum, reader in
          let keys = mask.keys(of: reader, length: length)
          return sum + (reads.count == length ? keys.count : reads.count(where: keys.contains))
        }
      }
      return sum + pairs * group.heads.count
    }
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

  /// Of the text that was current, or of any that has the positions; nil where no text says how many positions there are.
  private var knownLength: Int? { length ?? (hasAllPositions ? nil : (largestPosition ?? 0) + 1) }
  private var knownCount: Int? { knownLength.map(count) }

  /// Few enough to be made in a few milliseconds.
  private static let listedAtMost = 1 << 16

  private var listed: [AttentionEdge]? {
    guard let knownLength, let knownCount, knownCount <= Self.listedAtMost else { return nil }
    return try? edges(length: knownLength)
  }

  var typeName: String { knownCount == 1 ? "attention edge" : "attention edges" }

  /// What tells it from others.
  var name: String { groups.map(\.name).joined(separator: " ") }

  var summary: String {
    let shown = groups.prefix(12).map(\.name).joined(separator: " ")
    let count = knownCount.map { " (\($0) edges)" } ?? ""
    return groups.count > 12 ? "\(shown) ...\(count)" : knownCount == 1 ? shown : shown + count
  }

  var elements: [Value]? {
    listed.map { edges in
      edges.map { .object(AttentionEdgeSet([$0], configuration: configuration, length: length)) }
    }
  }

  /// The count is null where the edges are those of any text, their names also where they are too many to be listed.
  var fields: Record {
    ["count": knownCount.map { Value($0) } ?? .null, "edges": listed.map { .strings($0.map(\.name)) } ?? .null]
  }
}
