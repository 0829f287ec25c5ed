import Faults
import Tensors

/// What the output head says of a hidden state that is not the last one.
public struct LensReading: Sendable, Equatable {
  /// Q, read here.
  public let quantity: Double?
  /// The most likely entry, and its probability.
  public let token: Int
  public let probability: Double

  public init(quantity: Double?, token: Int, probability: Double) {
    (self.quantity, self.token, self.probability) = (quantity, token, probability)
  }
}

/// An affine map for each hidden state, of a tuned lens: h + h W' + b goes to the final norm. Belrose et al., "Eliciting Latent
/// Predictions from Transformers with the Tuned Lens", 2023.
public struct LensMaps: Sendable {
  /// (d, d) and (d) for rows 0 ..< L.
  let maps: [Linear]

  /// - Precondition: as many as the model has layers, of its width.
  public init(_ maps: [(weight: Tensor, bias: Tensor)]) {
    self.maps = maps.map { Linear(weight: $0.weight, bias: $0.bias) }
  }
}

extension Transformer {
  /// The output head on every hidden state h^0 ... h^L at every position: in pre-norm models after the final norm, else as it is.
  ///
  /// nostalgebraist, "interpreting GPT: the logit lens", 2020.
  ///
  /// - Returns: (L + 1, n)
  /// - Complexity: a forward pass, and the head L + 1 times for all tokens.
  public func lens(
    ids: [Int32], types: [Int32], quantity: QuantityOfInterest?, maps: LensMaps? = nil,
    interventions: Interventions = .none, check: @escaping InterruptionCheck
  ) throws -> Plan<[[LensReading]]> {
    guard let head = language else { throw TransformerFault.missingHead(.words) }
    let layers = configuration.layers
    let batch = TokenBatch(
      ids: ids, types: types, mask: ids.map { _ in true }, rows: 1, length: ids.count)
    let request = ForwardRequest(
      capture: Set((0...layers).map(Site.hidden)), interventions: [interventions])
    let pass = try plan(batch, request, check: check)
    return Plan(
      work: { [configuration] in
        pass.work + Double(layers + 1) * configuration.headWork(rows: ids.count, allWords: true)
      },
      form: {
        Array(
          repeating: ids.map { _ in LensReading(quantity: 0, token: 0, probability: 0) }, count: layers + 1)
      },
      run: { [self] in
        let states = try pass.run().activations
        return try (0...layers).map { row in
          guard let state = states[.hidden(row: row)] else {
            preconditionFailure("row \(row) was not captured")
          }
          let mapped = try row < layers ? maps?.maps[row].added(to: state, check: check) : nil
          return try read(mapped ?? state, rows: ids.count, head, quantity, check)
        }
      })
  }

  /// - Parameter states: (1, n, d)
  private func read(
    _ states: Tensor, rows: Int, _ head: ReadoutHead, _ quantity: QuantityOfInterest?,
    _ check: InterruptionCheck
  ) throws -> [LensReading] {
    let (d, outputs) = (configuration.hidden, head.decoder.outputs)
    let part = min(rows, ReadoutHead.rowsPerPart)
    let (normed, logits) = (
      Storage(uninitializedCount: part * d), Storage(uninitializedCount: part * outputs)
    )
    defer { withExtendedLifetime((normed, logits)) {} }
    var readings: [LensReading] = []
    for first in stride(from: 0, to: rows, by: part) {
      let count = min(part, rows - first)
      let source = Floats(states.pointer + first * d)
      if let norm = finalNorm { norm(source, rows: count, into: normed.base) }
      try head(
        finalNorm == nil ? source : Floats(normed.base), rows: count, into: logits.base, check: check)
      for row in 0..<count {
        let values = UnsafeBufferPointer(start: logits.base + row * outputs, count: outputs)
        let best = values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
        readings.append(
          LensReading(
            quantity: quantity.map { $0.value(logits: values) }, token: best,
            probability: probability(values[best], logSumExp(values))))
      }
    }
    return readings
  }
}

extension Linear {
  /// x + x W' + b, of rows of x.
  fileprivate func added(to x: Tensor, check: InterruptionCheck) throws -> Tensor {
    let rows = x.count / inputs
    let result = Storage(uninitializedCount: x.count)
    try self(x.pointer, rows: rows, into: result.base, check: check)
    addRows(result.base, residual: x.pointer, rows: rows, width: inputs, into: result.base)
    return Tensor(shape: x.shape, storage: result)
  }
}
