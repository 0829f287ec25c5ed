import Faults

/// The cut edges of a batch, by the queries that read less for them.
package struct CutPlan: Sendable {
  /// A query of a head.
  package struct Reader: Sendable {
    /// Of the batch.
    package let row: Int
    package let head: Int
    package let position: Int
    /// Positions that are not there for it.
    package internal(set) var masked: [Int] = []
    /// Positions whose probability becomes 0.
    package internal(set) var zeroed: [Int] = []

    /// Of so many keys alone.
    func limited(to keys: Int) -> Reader {
      var own = self
      own.masked.removeAll { $0 >= keys }
      own.zeroed.removeAll { $0 >= keys }
      return own
    }
  }

  private struct Place: Hashable {
    let row: Int
    let layer: Int
    let head: Int
    let position: Int
  }

  /// Of each layer that has some.
  private var readers: [Int: [Reader]] = [:]

  package var isEmpty: Bool { readers.isEmpty }

  /// - Parameters:
  ///   - rows: for each sequence; empty when there are none
  ///   - place: where a position of a row is among its keys and queries; nil for one that is left out
  package init(_ rows: [Interventions], place: (_ row: Int, _ position: Int) -> Int? = { $1 }) {
    var all: [(layer: Int, reader: Reader)] = []
    var indices: [Place: Int] = [:]
    // Edges of one reader mostly follow one another.
    var last: (place: Place, index: Int)?
    for (row, interventions) in rows.enumerated() {
      for cut in interventions.cuts {
        guard let reader = place(row, cut.edge.reader), let read = place(row, cut.edge.read) else { continue }
        let key = Place(row: row, layer: cut.edge.layer, head: cut.edge.head, position: reader)
        let index = last.flatMap { $0.place == key ? $0.index : nil } ?? indices[key] ?? all.count
        if index == all.count {
          all.append((key.layer, Reader(row: row, head: key.head, position: reader)))
          indices[key] = index
        }
        last = (key, index)
        switch cut.mode {
        case .mask: all[index].reader.masked.append(read)
        case .zero: all[index].reader.zeroed.append(read)
        }
      }
    }
    for (layer, reader) in all { readers[layer, default: []].append(reader) }
  }

  package func readers(of layer: Int) -> [Reader] { readers[layer] ?? [] }
}

extension Interventions {
  /// - Parameter mask: (length), true for a real token; nil where all are
  /// - Throws: ``PlaceFault`` for an edge that is not there, ``AttentionEdgeFault/nothingToRead(layer:head:reader:)``
  func validateCuts(length: Int, mask: [Bool]?, _ configuration: TransformerConfiguration) throws {
    guard !cuts.isEmpty else { return }
    let bounds = PlaceBounds(configuration, length: length)
    var steps = Steps()
    for cut in cuts {
      try steps.next()
      try bounds.check(cut.edge)
    }
    let plan = CutPlan([self])
    for layer in 0..<configuration.layers {
      for reader in plan.readers(of: layer) where !reader.masked.isEmpty {
        guard mask?[reader.position] ?? true else { continue }
        let keys = configuration.blocks.mask(layer).keys(of: reader.position, length: length)
        let masked = Set(reader.masked)
        guard keys.contains(where: { (mask?[$0] ?? true) && !masked.contains($0) }) else {
          throw AttentionEdgeFault.nothingToRead(layer: layer, head: reader.head, reader: reader.position)
        }
      }
    }
  }
}

extension PlaceBounds {
  public func check(_ edge: AttentionEdge) throws(PlaceFault) {
    try check(.layer, edge.layer, named: edge.name)
    try check(.head, edge.head, named: edge.name)
    try check(.position, edge.reader, named: edge.name)
    try check(.position, edge.read, named: edge.name)
  }
}
