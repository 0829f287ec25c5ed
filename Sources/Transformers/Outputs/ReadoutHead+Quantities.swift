import Faults
import Tensors

extension ReadoutHead {
  /// Logits of this many rows are held at a time.
  package static let rowsPerPart = 64

  /// The value of a quantity at each of some hidden states (rows, d).
  ///
  /// Of quantities that are linear in a few logits only these are computed, in Double.
  package func values(
    of quantities: [QuantityOfInterest], at hidden: Floats, check: InterruptionCheck
  ) throws -> [Double] {
    let inputs = try transformed(hidden, rows: quantities.count, check: check)
    defer { withExtendedLifetime(inputs) {} }
    var values = [Double](repeating: .nan, count: quantities.count)
    var others: [Int] = []
    for (row, quantity) in quantities.enumerated() {
      if let coefficients = quantity.logitCoefficients {
        let input = inputs.base + row * decoder.inputs
        values[row] = coefficients.reduce(0) {
          $0 + $1.coefficient * capped(logit($1.index, input))
        }
      } else {
        others.append(row)
      }
    }
    for first in stride(from: 0, to: others.count, by: Self.rowsPerPart) {
      let part = others[first..<min(first + Self.rowsPerPart, others.count)]
      for (row, value) in zip(part, try wholeValues(part.map { quantities[$0] }, part, inputs.base, check)) {
        values[row] = value
      }
    }
    return values
  }

  /// Before the cap.
  package func logit(_ index: Int, _ input: Floats) -> Double {
    let weight = decoder.weight.pointer + index * decoder.inputs
    return (0..<decoder.inputs).reduce(Double(decoder.bias.pointer[index])) {
      $0 + Double(input[$1]) * Double(weight[$1])
    }
  }

  private func wholeValues(
    _ quantities: [QuantityOfInterest], _ rows: ArraySlice<Int>, _ inputs: Floats, _ check: InterruptionCheck
  ) throws -> [Double] {
    let (d, outputs) = (decoder.inputs, decoder.outputs)
    let part = Storage(uninitializedCount: rows.count * d)
    let logits = Storage(uninitializedCount: rows.count * outputs)
    defer { withExtendedLifetime((part, logits)) {} }
    for (place, row) in rows.enumerated() {
      (part.base + place * d).update(from: inputs + row * d, count: d)
    }
    try decode(part.base, rows: rows.count, into: logits.base, check: check)
    return quantities.enumerated().map { place, quantity in
      quantity.value(logits: UnsafeBufferPointer(start: logits.base + place * outputs, count: outputs))
    }
  }
}
