import Faults
import Tensors
import Transformers

/// The quantity of interest and its gradient with respect to the last hidden state of the target.
struct HeadDerivatives {
  let model: Transformer
  let rule: ReverseRule
  let check: InterruptionCheck

  /// - Parameters:
  ///   - states: h^L of the target, (rows, d)
  ///   - gradient: dQ/dh^L, (rows, d), written
  /// - Returns: Q for each row.
  func callAsFunction(
    _ states: Floats, rows: Int, _ quantity: QuantityOfInterest, gradient: MutableFloats
  ) throws -> [Double] {
    let head = try model.head(for: quantity)
    guard let norm = model.finalNorm else {
      return try read(states, rows, quantity, head, gradient)
    }
    let d = norm.width
    let (normalized, normed, scale) = (
      Storage(uninitializedCount: rows * d), Storage(uninitializedCount: rows * d),
      Storage(uninitializedCount: rows)
    )
    defer { withExtendedLifetime((normalized, normed, scale)) {} }
    let tape = NormTape(normalized: normalized.base, scale: scale.base)
    norm.taped(states, rows: rows, tape, into: normed.base)
    if !rule.isExact { tape.normalized.update(repeating: 0, count: rows * d) }
    let values = try read(normed.base, rows, quantity, head, gradient)
    norm.gradient(gradient, tapeRows: nil, rows: rows, tape, into: gradient)
    return values
  }

  /// From what the head reads (rows, d) to Q and its gradient there.
  private func read(
    _ states: Floats, _ rows: Int, _ quantity: QuantityOfInterest, _ head: ReadoutHead,
    _ gradient: MutableFloats
  ) throws -> [Double] {
    guard let transform = head.transform else {
      return try decode(states, rows, quantity, head, into: gradient)
    }
    let width = transform.dense.outputs
    let storages = (0..<4).map { _ in Storage(uninitializedCount: rows * width) }
    let scale = Storage(uninitializedCount: rows)
    defer { withExtendedLifetime((storages, scale)) {} }
    let (inner, slopes, output) = (storages[0].base, storages[1].base, storages[3].base)
    let tape = NormTape(normalized: storages[2].base, scale: scale.base)
    try transform.dense.multiply(states, rows: rows, into: inner, check: check)
    let bias = transform.dense.bias
    if rule.isExact {
      transform.activation.taped(inner, bias: bias, rows: rows, post: inner, slopes: slopes)
    } else {
      transform.activation.relevance(inner, bias: bias, rows: rows, post: inner, slopes: slopes)
    }
    transform.norm?.taped(inner, rows: rows, tape, into: output)
    if !rule.isExact { tape.normalized.update(repeating: 0, count: rows * width) }
    let input = transform.norm == nil ? inner : output
    let values = try decode(input, rows, quantity, head, into: input == inner ? output : inner)
    let decoded = input == inner ? output : inner
    transform.norm?.gradient(decoded, tapeRows: nil, rows: rows, tape, into: decoded)
    multiply(decoded, byTape: slopes, tapeRows: nil, rows: rows, width: width)
    try transform.dense.multiplyTransposed(decoded, rows: rows, into: gradient, check: check)
    return values
  }

  /// From the decoder's input (rows, e) to Q and dQ/dinput. When Q is linear in a few logits, only those are
  /// computed, in Double.
  private func decode(
    _ x: Floats, _ rows: Int, _ quantity: QuantityOfInterest, _ head: ReadoutHead,
    into gradient: MutableFloats
  ) throws -> [Double] {
    guard let coefficients = quantity.logitCoefficients else {
      return try decodeAll(x, rows, quantity, head, into: gradient)
    }
    let decoder = head.decoder
    let width = decoder.inputs
    return (0..<rows).map { row in
      let (input, target) = (x + row * width, gradient + row * width)
      target.update(repeating: 0, count: width)
      return coefficients.reduce(0) { sum, term in
        let logit = head.capped(head.logit(term.index, input))
        let weight = decoder.weight.pointer + term.index * width
        let c = Float(term.coefficient * head.slope(at: logit))
        for i in 0..<width { target[i] += c * weight[i] }
        return sum + term.coefficient * logit
      }
    }
  }

  private func decodeAll(
    _ x: Floats, _ rows: Int, _ quantity: QuantityOfInterest, _ head: ReadoutHead,
    into gradient: MutableFloats
  ) throws -> [Double] {
    let (decoder, width) = (head.decoder, head.decoder.inputs)
    let logits = Storage(uninitializedCount: min(rows, ReadoutHead.rowsPerPart) * decoder.outputs)
    defer { withExtendedLifetime(logits) {} }
    var values: [Double] = []
    for first in stride(from: 0, to: rows, by: ReadoutHead.rowsPerPart) {
      let count = min(ReadoutHead.rowsPerPart, rows - first)
      try head.decode(x + first * width, rows: count, into: logits.base, check: check)
      values += differentiate(logits.base, rows: count, head, quantity)
      try decoder.multiplyTransposed(
        logits.base, rows: count, into: gradient + first * width, check: check)
    }
    return values
  }

  /// Replaces logits (rows, outputs) by the derivatives of Q with respect to what they are before the cap; returns Q for each
  /// row.
  private func differentiate(
    _ logits: MutableFloats, rows: Int, _ head: ReadoutHead, _ quantity: QuantityOfInterest
  ) -> [Double] {
    let outputs = head.decoder.outputs
    return [Double](unsafeUninitializedCapacity: rows) { values, count in
      count = rows
      guard let results = values.baseAddress else { return }
      Workers.split(rows, minimum: max(1, 4096 / outputs)) { part in
        var copy = [Float](repeating: 0, count: outputs)
        for row in part {
          let target = UnsafeMutableBufferPointer(start: logits + row * outputs, count: outputs)
          copy.withUnsafeMutableBufferPointer { copy in
            _ = copy.update(fromContentsOf: target)
            let source = UnsafeBufferPointer(copy)
            results[row] = quantity.value(logits: source)
            quantity.gradient(logits: source, into: target)
            guard head.cap > 0 else { return }
            for i in 0..<outputs { target[i] *= Float(head.slope(at: Double(source[i]))) }
          }
        }
      }
    }
  }
}
