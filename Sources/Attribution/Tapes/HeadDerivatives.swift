import CKernels
import Encoders
import Faults
import Tensors

/// The quantity of interest and its gradient with respect to the last hidden state of the target.
struct HeadDerivatives {
  let model: BertModel
  let check: InterruptionCheck

  /// - Parameters:
  ///   - states: h^L of the target, (rows, d)
  ///   - gradient: dQ/dh^L, (rows, d), written
  /// - Returns: Q for each row.
  func callAsFunction(
    _ states: Floats, rows: Int, _ quantity: QuantityOfInterest, gradient: MutableFloats
  ) throws -> [Double] {
    if quantity.readsLabels {
      guard let pooler = model.pooler, let classifier = model.classifier else {
        throw EncoderFault.missingHead(model.pooler == nil ? .pooler : .classifier)
      }
      return try classify(states, rows, quantity, pooler, classifier, gradient)
    }
    guard let head = model.maskedLM else { throw EncoderFault.missingHead(.maskedLM) }
    return try predict(states, rows, quantity, head, gradient)
  }

  private func classify(
    _ states: Floats, _ rows: Int, _ quantity: QuantityOfInterest, _ pooler: Pooler, _ classifier: Linear,
    _ gradient: MutableFloats
  ) throws -> [Double] {
    let (d, classes) = (pooler.dense.outputs, classifier.outputs)
    let (pooled, inner, logits) = (
      Storage(uninitializedCount: rows * d), Storage(uninitializedCount: rows * d),
      Storage(uninitializedCount: rows * classes)
    )
    defer { withExtendedLifetime((pooled, inner, logits)) {} }
    try pooler(states, rows: rows, into: pooled.base, check: check)
    try classifier(pooled.base, rows: rows, into: logits.base, check: check)
    let values = differentiate(logits.base, rows: rows, outputs: classes, quantity)
    try backward(logits.base, classifier, rows: rows, into: inner.base)
    for i in 0..<rows * d { inner.base[i] *= 1 - pooled.base[i] * pooled.base[i] }
    try backward(inner.base, pooler.dense, rows: rows, into: gradient)
    return values
  }

  private func predict(
    _ states: Floats, _ rows: Int, _ quantity: QuantityOfInterest, _ head: MaskedLMHead,
    _ gradient: MutableFloats
  ) throws -> [Double] {
    let d = head.transform.outputs
    let storages = (0..<4).map { _ in Storage(uninitializedCount: rows * d) }
    let scale = Storage(uninitializedCount: rows)
    defer { withExtendedLifetime((storages, scale)) {} }
    let (inner, slopes, normalized, output) = (
      storages[0].base, storages[1].base, storages[2].base, storages[3].base
    )
    try head.transform.multiply(states, rows: rows, into: inner, check: check)
    head.activation.taped(inner, bias: head.transform.bias, rows: rows, post: inner, slopes: slopes)
    head.norm.taped(inner, rows: rows, normalized: normalized, scale: scale.base, into: output)
    let values = try decode(output, rows, quantity, head.decoder, into: inner)
    head.norm.gradient(
      inner, tapeRows: nil, rows: rows, normalized: normalized, scale: scale.base, into: output)
    multiply(output, byTape: slopes, tapeRows: nil, rows: rows, width: d)
    try backward(output, head.transform, rows: rows, into: gradient)
    return values
  }

  /// From the decoder's input (rows, d) to Q and dQ/dinput. When Q is linear in a few logits, only those are
  /// computed, in Double.
  private func decode(
    _ x: Floats, _ rows: Int, _ quantity: QuantityOfInterest, _ decoder: Linear, into gradient: MutableFloats
  ) throws -> [Double] {
    guard let coefficients = quantity.logitCoefficients else {
      return try decodeAll(x, rows, quantity, decoder, into: gradient)
    }
    let d = decoder.inputs
    return (0..<rows).map { row in
      let (input, target) = (x + row * d, gradient + row * d)
      target.update(repeating: 0, count: d)
      return coefficients.reduce(0) { sum, term in
        let (weight, c) = (decoder.weight.pointer + term.index * d, Float(term.coefficient))
        var logit = Double(decoder.bias.pointer[term.index])
        for i in 0..<d {
          logit += Double(input[i]) * Double(weight[i])
          target[i] += c * weight[i]
        }
        return sum + term.coefficient * logit
      }
    }
  }

  /// Logits of this many rows are held at a time.
  private static let rowsPerPart = 64

  private func decodeAll(
    _ x: Floats, _ rows: Int, _ quantity: QuantityOfInterest, _ decoder: Linear, into gradient: MutableFloats
  ) throws -> [Double] {
    let d = decoder.inputs
    let logits = Storage(uninitializedCount: min(rows, Self.rowsPerPart) * decoder.outputs)
    defer { withExtendedLifetime(logits) {} }
    var values: [Double] = []
    for first in stride(from: 0, to: rows, by: Self.rowsPerPart) {
      let count = min(Self.rowsPerPart, rows - first)
      try decoder(x + first * d, rows: count, into: logits.base, check: check)
      values += differentiate(logits.base, rows: count, outputs: decoder.outputs, quantity)
      try backward(logits.base, decoder, rows: count, into: gradient + first * d)
    }
    return values
  }

  /// Replaces logits (rows, outputs) by dQ/dlogits; returns Q for each row.
  private func differentiate(
    _ logits: MutableFloats, rows: Int, outputs: Int, _ quantity: QuantityOfInterest
  ) -> [Double] {
    [Double](unsafeUninitializedCapacity: rows) { values, count in
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
          }
        }
      }
    }
  }

  private func backward(_ g: Floats, _ linear: Linear, rows: Int, into result: MutableFloats) throws {
    try BLAS.multiply(
      g, rows: rows, inner: linear.outputs, by: linear.weight.pointer, .plain, columns: linear.inputs,
      into: result, check: check)
  }
}
