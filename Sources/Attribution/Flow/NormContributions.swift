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
    let scales = try scales()
    return try pairs(check) { to, y in scales[to] * centredNorm(y) }
  }

  /// (n, n): entry [i][j] is how near F_i(x_j) comes to the branch's output u_i, ``proximity(_:size:to:share:count:)``; 0 where
  /// j is padding.
  ///
  /// Ferrando, Gállego, Costa-jussà, "Measuring the Mixing of Contextual Information in the Transformer", EMNLP 2022 (ALTI),
  /// equations 9 and 10, whose rows divided by their sums are the contributions. Biases are in u_i and in no F_i(x_j).
  func proximities(check: InterruptionCheck) throws -> [Double] {
    let (scales, output) = (try scales(), pass.activation(.residMid, layer: index))
    let part = Storage(uninitializedCount: hidden)
    let sizes = (0..<length).map {
      distance(output.pointer + $0 * hidden, output.pointer, share: 0, count: hidden)
    }
    defer { withExtendedLifetime((output, part)) {} }
    return try pairs(check) { to, y in
      scale(y, by: Float(scales[to]), into: part.base)
      return proximity(output.pointer + to * hidden, size: sizes[to], to: part.base, count: hidden)
    }
  }

  /// (n, n): what `measure` makes of each y_ij.
  private func pairs(
    _ check: InterruptionCheck, _ measure: (_ to: Int, _ sum: Floats) -> Double
  ) throws -> [Double] {
    let transformed = try pass.transformedValues(layer: index, check)
    let (isOpen, input) = (pass.openHeads(layer: index), pass.activation(.residPre, layer: index))
    let (shares, sums) = (
      Storage(uninitializedCount: length * heads), Storage(uninitializedCount: length * hidden)
    )
    var result = [Double](repeating: 0, count: length * length)
    for from in pass.positions {
      gatherShares(of: from, isOpen, into: shares.base)
      try BLAS.multiply(
        shares.base, rows: length, inner: heads, by: transformed.base + from * heads * hidden, .plain,
        columns: hidden, into: sums.base, check: check)
      if !pass.replaces(.skip, layer: index, position: from) {
        let x = input.pointer + from * hidden
        for c in 0..<hidden { sums.base[from * hidden + c] += x[c] }
      }
      for to in 0..<length { result[to * length + from] = measure(to, sums.base + to * hidden) }
    }
    withExtendedLifetime((transformed, shares, sums, input)) {}
    return result
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

  /// gain * (y - mean(y)) scale.
  private func scale(_ y: Floats, by scale: Float, into part: MutableFloats) {
    guard let norm = block.norms.attentionSum else { return part.update(from: y, count: hidden) }
    var sum = 0.0
    for c in 0..<hidden { sum += Double(y[c]) }
    let (mean, gain) = (Float(sum / Double(hidden)), norm.gain.pointer)
    for c in 0..<hidden { part[c] = gain[c] * (y[c] - mean) * scale }
  }
}
