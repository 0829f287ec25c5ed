import Transformers
import Faults
import Tensors

/// How much each token adds to each output of one layer's attention branch, its skip connection and the norm of the sum
/// included.
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
/// In pre-norm models there is no norm of the sum, and the contribution is ||y_ij||, values being those of the normed input.
///
/// A replaced head, attention output or skip connection comes from no token, so it counts for none.
struct NormContributions {
  private let block: Block
  private let index: Int
  private let pass: FlowPass

  /// - Throws: ``AttributionFault/flowNeedsPlainBranch`` where the branch's output is normed before the sum.
  init(_ pass: FlowPass, layer index: Int) throws {
    self.pass = pass
    self.index = index
    block = pass.model.blocks[index]
    guard block.norms.afterAttention == nil else { throw AttributionFault.flowNeedsPlainBranch }
  }

  private var length: Int { pass.length }
  private var hidden: Int { block.hidden }
  private var heads: Int { block.attention.heads.heads }

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
    // (A dh, d): the rows of a head's columns of the output projection.
    let weight = block.attention.output.weight.permuted([1, 0])
    let (attention, size) = (block.attention.heads, block.attention.heads.headSize)
    for head in 0..<heads {
      try BLAS.multiply(
        values.pointer + attention.keyColumn(of: head), stride: attention.keyWidth, rows: length, inner: size,
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

  /// (n): 1 / sqrt(var(y_i) + eps); 1 where there is no norm.
  private func scales() throws -> [Double] {
    guard let norm = block.norms.attentionSum else { return Array(repeating: 1, count: length) }
    let sums = pass.activation(.residMidRaw, layer: index)
    return try (0..<length).map { token in
      let statistics = try sums[token].statistics()
      let deviation = statistics.standardDeviation ?? .nan
      return 1 / (deviation * deviation + Double(norm.epsilon)).squareRoot()
    }
  }

  /// ||gain * (y - mean(y))||; ||y|| where there is no norm.
  private func centredNorm(_ y: Floats) -> Double {
    guard let norm = block.norms.attentionSum else {
      return (0..<hidden).reduce(0) { $0 + Double(y[$1]) * Double(y[$1]) }.squareRoot()
    }
    var sum = 0.0
    for c in 0..<hidden { sum += Double(y[c]) }
    let (mean, gain) = (sum / Double(hidden), norm.gain.pointer)
    var squares = 0.0
    for c in 0..<hidden {
      let value = Double(gain[c]) * (Double(y[c]) - mean)
      squares += value * value
    }
    return squares.squareRoot()
  }
}
