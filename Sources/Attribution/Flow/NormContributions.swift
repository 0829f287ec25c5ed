import Encoders
import Faults
import Tensors

/// How much each token adds to each output of one layer's attention block, its skip connection and layer norm included.
///
/// Kobayashi, Kuribayashi, Yokoi, Inui, "Incorporating Residual and Normalization Layers into Analysis of Masked Language
/// Models", EMNLP 2021, equations 11 to 16 (AttnResLn-N). The block's output u_i = LN(y_i) is, up to biases that belong to
/// no token, the sum over j of
///
///     F_i(x_j) = gain * (y_ij - mean(y_ij)) / sqrt(var(y_i) + eps),
///     y_ij = sum_m P_ij^m v_j^m W_O^m + [i = j] x_i
///
/// with values v that include their bias. The contribution of j to i is ||F_i(x_j)||.
///
/// A replaced head, attention output or skip connection comes from no token, so it counts for none.
struct NormContributions {
  private let layer: EncoderLayer
  private let index: Int
  private let pass: FlowPass

  init(_ pass: FlowPass, layer index: Int) {
    self.pass = pass
    self.index = index
    layer = pass.model.layers[index]
  }

  private var length: Int { pass.length }
  private var hidden: Int { layer.hidden }
  private var heads: Int { layer.attention.heads }

  /// (n, n): entry [i][j] is ||F_i(x_j)||; 0 where j is padding.
  ///
  /// - Complexity: O(n² A d + n d²).
  func norms(check: InterruptionCheck) throws -> [Double] {
    let transformed = try transformedValues(check)
    let (scales, isOpen, input) = (try scales(), openHeads(), pass.activation(.residPre, layer: index))
    let (shares, sums) = (
      Storage(uninitializedCount: length * heads), Storage(uninitializedCount: length * hidden)
    )
    var norms = [Double](repeating: 0, count: length * length)
    for from in pass.positions {
      gatherShares(of: from, isOpen, into: shares.base)
      try BLAS.multiply(
        shares.base, rows: length, inner: heads, by: transformed.base + from * heads * hidden, .plain,
        columns: hidden, into: sums.base, check: check)
      if !pass.replaces(.skip, layer: index, position: from) {
        let x = input.pointer + from * hidden
        for c in 0..<hidden { sums.base[from * hidden + c] += x[c] }
      }
      for to in 0..<length {
        norms[to * length + from] = scales[to] * centredNorm(sums.base + to * hidden)
      }
    }
    withExtendedLifetime((transformed, shares, sums, input)) {}
    return norms
  }

  /// (n, A, d): v_j^m W_O^m.
  private func transformedValues(_ check: InterruptionCheck) throws -> Storage {
    let result = Storage(uninitializedCount: length * heads * hidden)
    let values = pass.activation(.v, layer: index)
    // (d, d): the rows of a head's columns of the output projection.
    let weight = layer.output.weight.permuted([1, 0])
    let size = layer.attention.headSize
    for head in 0..<heads {
      try BLAS.multiply(
        values.pointer + head * size, stride: hidden, rows: length, inner: size,
        by: weight.pointer + head * size * hidden, .plain, columns: hidden,
        into: result.base + head * hidden, resultStride: heads * hidden, check: check)
    }
    withExtendedLifetime((values, weight)) {}
    return result
  }

  /// (n, A): 1 where a head's context is what the attention computes, 0 where it or the whole output is replaced.
  private func openHeads() -> [Float] {
    (0..<length).flatMap { to -> [Float] in
      let isClosed = pass.replaces(.attention, layer: index, position: to)
      return (0..<heads).map { head in
        isClosed || pass.replaces(.head(head), layer: index, position: to) ? 0 : 1
      }
    }
  }

  /// (n, A): P_ij^m for one j.
  private func gatherShares(of from: Int, _ isOpen: [Float], into shares: MutableFloats) {
    let pattern = pass.activation(.pattern, layer: index)
    pattern.withUnsafeBufferPointer { pattern in
      for to in 0..<length {
        for head in 0..<heads {
          let place = to * heads + head
          shares[place] = isOpen[place] * pattern[(head * length + to) * length + from]
        }
      }
    }
  }

  /// (n): 1 / sqrt(var(y_i) + eps).
  private func scales() throws -> [Double] {
    let sums = pass.activation(.residMidRaw, layer: index)
    return try (0..<length).map { token in
      let statistics = try sums[token].statistics()
      let deviation = statistics.standardDeviation ?? .nan
      return 1 / (deviation * deviation + Double(layer.attentionNorm.epsilon)).squareRoot()
    }
  }

  /// ||gain * (y - mean(y))||.
  private func centredNorm(_ y: Floats) -> Double {
    var sum = 0.0
    for c in 0..<hidden { sum += Double(y[c]) }
    let (mean, gain) = (sum / Double(hidden), layer.attentionNorm.gain.pointer)
    var squares = 0.0
    for c in 0..<hidden {
      let value = Double(gain[c]) * (Double(y[c]) - mean)
      squares += value * value
    }
    return squares.squareRoot()
  }
}
