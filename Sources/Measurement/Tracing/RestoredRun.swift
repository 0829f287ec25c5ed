import Tensors
import Transformers

/// The runs of a ``CausalTrace``.
struct RestoredRun {
  /// Corrupted states (draws, n, d) that a layer reads.
  struct States {
    let layer: Int
    let values: Tensor
  }

  private let trace: CausalTrace
  private let draws: Int
  /// Sequences that run together at most.
  private let rows: Int

  init(_ trace: CausalTrace, draws: Int, rows: Int) {
    (self.trace, self.draws, self.rows) = (trace, draws, rows)
  }

  private var model: Transformer { trace.model }
  private var interventions: Interventions { trace.probe.interventions }

  private func batch(_ rows: Int) -> TokenBatch {
    TokenBatch(
      sequences: [(ids: trace.probe.ids, types: trace.probe.types)],
      padToken: model.configuration.fillingToken
    ).repeated(rows)
  }

  private func quantities(_ rows: Int) -> [(row: Int, position: Int, quantity: QuantityOfInterest)] {
    (0..<rows).map { ($0, trace.probe.target, trace.probe.quantity) }
  }

  private func perform(
    _ rows: Int, words: Tensor? = nil, capture: Set<Site> = [], readsQuantity: Bool = true,
    interventions: [Interventions]? = nil, start: ForwardStart? = nil
  ) throws -> ForwardResult {
    let request = ForwardRequest(
      capture: capture, quantities: readsQuantity ? quantities(rows) : [],
      interventions: interventions ?? Array(repeating: self.interventions, count: rows), start: start)
    return try trace.evaluator.execution.perform(
      model.plan(batch(rows), words: words, request, check: trace.evaluator.check))
  }

  /// The quantity, and (n, d) for each site.
  func clean() throws -> (value: Double, states: [Site: Tensor]) {
    let result = try perform(1, capture: trace.sites)
    return (result.quantities[0], result.activations.mapValues { $0[0] })
  }

  /// h^0, and the quantity of each draw.
  func corrupted(_ noise: Tensor) throws -> (States, [Double]) {
    var (states, values): ([Tensor], [Double]) = ([], [])
    for part in parts(of: draws) {
      let words = try model.words(of: trace.probe.ids, adding: noise.sliced([.range(part)]), at: trace.words)
      let result = try perform(part.count, words: words, capture: [.hidden(row: 0)])
      states.append(try state(result, row: 0))
      values += result.quantities
    }
    return (States(layer: 0, values: Tensor(joining: states)), values)
  }

  /// The states a layer further.
  func next(_ states: States) throws -> States {
    let row = states.layer + 1
    let results = try parts(of: draws).map { part in
      let start = ForwardStart(layer: states.layer, hidden: states.values, rows: Array(part))
      return try state(
        try perform(part.count, capture: [.hidden(row: row)], readsQuantity: false, start: start), row: row)
    }
    return States(layer: row, values: Tensor(joining: results))
  }

  /// (n, draws): the quantity where what `layer` has at a position is clean.
  func restored(
    _ layer: Int, _ clean: [Site: Tensor], _ states: States, _ corrupted: [Double]
  ) throws -> [[Double]] {
    var values = Array(repeating: corrupted, count: trace.length)
    let pairs = trace.open.flatMap { position in (0..<draws).map { (position: position, draw: $0) } }
    let substitutes = trace.open.reduce(into: [Int: Interventions]()) { substitutes, position in
      substitutes[position] = interventions.followed(
        by: Substitute.activations(clean, model.configuration.blocks)
          .interventions(on: trace.nodes(layer, position)))
    }
    for part in parts(of: pairs.count) {
      let members = Array(pairs[part])
      let start = ForwardStart(layer: states.layer, hidden: states.values, rows: members.map(\.draw))
      let result = try perform(
        members.count, interventions: members.map { substitutes[$0.position] ?? .none }, start: start)
      for (member, value) in zip(members, result.quantities) { values[member.position][member.draw] = value }
    }
    return values
  }

  private func state(_ result: ForwardResult, row: Int) throws -> Tensor {
    guard let state = result.activations[.hidden(row: row)] else {
      preconditionFailure("row \(row) of hidden states was not captured")
    }
    return state
  }

  private func parts(of count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: rows).map { $0..<min($0 + rows, count) }
  }
}

extension Tensor {
  /// Parts one after another along the first dimension.
  ///
  /// - Precondition: at least one; they differ in the first dimension alone.
  fileprivate init(joining parts: [Tensor]) {
    guard parts.count > 1 else {
      self = parts[0]
      return
    }
    let shape = [parts.reduce(0) { $0 + $1.shape[0] }] + parts[0].shape.dropFirst()
    self.init(shape: shape) { target in
      var place = 0
      for part in parts {
        part.withUnsafeBufferPointer { _ = target[place...].update(fromContentsOf: $0) }
        place += part.count
      }
    }
  }
}

extension Transformer {
  /// Word embeddings (draws, n, e), with noise (draws, words, e) on those at `positions`.
  fileprivate func words(of ids: [Int32], adding noise: Tensor, at positions: [Int]) -> Tensor {
    let (draws, width) = (noise.shape[0], configuration.embeddingSize)
    return Tensor(shape: [draws, ids.count, width]) { target in
      noise.withUnsafeBufferPointer { noise in
        for draw in 0..<draws {
          let start = target.baseAddress.map { $0 + draw * ids.count * width }
          if let start { embeddings.gather(ids, into: start) }
          for (index, position) in positions.enumerated() {
            let place = (draw * ids.count + position) * width
            for c in 0..<width { target[place + c] += noise[(draw * positions.count + index) * width + c] }
          }
        }
      }
    }
  }
}
