import Faults
import Tensors
import Transformers

/// The state of each token of a post-norm encoder as a sum of vectors, one for each input token, carried through the layers.
///
/// Modarressi, Fayyaz, Aghazadeh, Yaghoobzadeh, Pilehvar, "DecompX: Explaining Transformers Decisions by Propagating Token
/// Decomposition", ACL 2023, sections 3.1 to 3.4, in the authors' standard setting (`aggregation="vector"`,
/// `bias_decomp_type="absdot"`, `FFN_approx_type="GeLU_ZO"`): attention probabilities and the scales of norms are held, the
/// activation is f(u)/u held, and a bias is divided among the tokens by the absolute dot products of their vectors with it. The
/// bias of the first layer's values stays with the tokens whose values they are; later ones go with the output's bias.
struct TokenDecomposition {
  private let pass: FlowPass
  private let check: InterruptionCheck
  /// (n, n, d): of token i the part from input token k.
  private let parts: Storage

  private var n: Int { pass.length }
  private var d: Int { pass.model.configuration.hidden }

  /// Of the embeddings h^0: each token's own.
  init(_ pass: FlowPass, check: @escaping InterruptionCheck) {
    (self.pass, self.check) = (pass, check)
    let (n, d) = (pass.length, pass.model.configuration.hidden)
    parts = Storage(uninitializedCount: n * n * d)
    parts.base.update(repeating: 0, count: n * n * d)
    let input = pass.activation(.residPre, layer: 0)
    for token in 0..<n {
      (parts.base + (token * n + token) * d).update(from: input.pointer + token * d, count: d)
    }
    withExtendedLifetime(input) {}
  }

  /// Bytes that it holds beside the activations.
  static func bytes(_ c: TransformerConfiguration, length n: Int) -> Int {
    let pairs = n * n * (2 * c.hidden + c.keyWidth + c.queryWidth + 2 * c.headSize)
    return MemoryLayout<Float>.stride * (pairs + n * (c.intermediate + c.hidden))
  }

  /// (n, n): ||part k of token i||.
  func norms() throws -> [Double] {
    try (0..<n * n).map { pair in
      try check()
      let x = parts.base + pair * d
      return (0..<d).reduce(0) { $0 + Double(x[$1]) * Double(x[$1]) }.squareRoot()
    }
  }

  /// From what a layer reads to what it gives.
  func advance(through layer: Int) throws {
    let block = pass.model.blocks[layer]
    let sum = try attended(layer)
    for token in 0..<n {
      try check()
      norm(
        sum.base + token * n * d, block.norms.attentionSum, of: pass.activation(.residMidRaw, layer: layer),
        token)
      try feedForward(sum.base + token * n * d, layer, token)
      norm(
        sum.base + token * n * d, block.norms.feedForwardSum,
        of: pass.activation(.residPostRaw, layer: layer), token)
    }
    parts.base.update(from: sum.base, count: n * n * d)
  }
}

// MARK: Attention
extension TokenDecomposition {
  /// (n, n, d): the attention's output and the skip connection, bias divided.
  private func attended(_ layer: Int) throws -> Storage {
    let branch = pass.model.blocks[layer].attention
    let (keyWidth, queryWidth) = (branch.keyWidth, branch.queryWidth)
    let values = Storage(uninitializedCount: n * n * keyWidth)
    let part = queryWidth + keyWidth..<queryWidth + 2 * keyWidth
    try branch.projection.multiply(parts.base, rows: n * n, part: part, into: values.base, check: check)
    let bias = branch.projection.bias.pointer + part.lowerBound
    if layer == 0 {
      for token in 0..<n {
        for c in 0..<keyWidth { values.base[(token * n + token) * keyWidth + c] += bias[c] }
      }
    }
    let context = try mixed(values, layer)
    let sum = Storage(uninitializedCount: n * n * d)
    try branch.output.multiply(context.base, rows: n * n, into: sum.base, check: check)
    for place in 0..<n * n * d { sum.base[place] += parts.base[place] }
    var total = branch.output.bias.values
    if layer > 0 {
      // A token's attention adds up to 1, so the bias of values reaches every token whole.
      let heads = branch.heads
      for (c, row) in total.indices.map({ ($0, branch.output.weight.pointer + $0 * queryWidth) }) {
        for column in 0..<queryWidth {
          total[c] +=
            row[column] * bias[heads.keyColumn(of: column / heads.headSize) + column % heads.headSize]
        }
      }
    }
    for token in 0..<n { divide(total, among: sum.base + token * n * d, width: d) }
    withExtendedLifetime((values, context)) {}
    return sum
  }

  /// (n, n, A dh): sum over j of P_ij^m v_jk^m.
  private func mixed(_ values: Storage, _ layer: Int) throws -> Storage {
    let attention = pass.model.blocks[layer].attention.heads
    let (size, keyWidth, queryWidth) = (attention.headSize, attention.keyWidth, attention.queryWidth)
    let pattern = pass.activation(.pattern, layer: layer)
    let result = Storage(uninitializedCount: n * n * queryWidth)
    let (own, mixed) = (Storage(uninitializedCount: n * n * size), Storage(uninitializedCount: n * n * size))
    for head in 0..<attention.heads {
      for pair in 0..<n * n {
        (own.base + pair * size).update(
          from: values.base + pair * keyWidth + attention.keyColumn(of: head), count: size)
      }
      try BLAS.multiply(
        pattern.pointer + head * n * n, rows: n, inner: n, by: own.base, .plain, columns: n * size,
        into: mixed.base, check: check)
      for pair in 0..<n * n {
        (result.base + pair * queryWidth + head * size).update(from: mixed.base + pair * size, count: size)
      }
    }
    withExtendedLifetime((pattern, own, mixed)) {}
    return result
  }
}

// MARK: Each token alone
extension TokenDecomposition {
  /// x (n, d) of one token, through the norm of the sum, whose scale is held.
  private func norm(_ x: MutableFloats, _ norm: Norm?, of sums: Tensor, _ token: Int) {
    guard let norm else { return }
    let sum = sums.pointer + token * d
    let mean = (0..<d).reduce(0) { $0 + Double(sum[$1]) } / Double(d)
    let variance = (0..<d).reduce(0) { $0 + (Double(sum[$1]) - mean) * (Double(sum[$1]) - mean) } / Double(d)
    let (scale, gain) = (1 / (variance + Double(norm.epsilon)).squareRoot(), norm.gain.pointer)
    for row in 0..<n {
      let y = x + row * d
      let mean = (0..<d).reduce(0) { $0 + Double(y[$1]) } / Double(d)
      for c in 0..<d { y[c] = Float((Double(y[c]) - mean) * scale) * gain[c] }
    }
    if let shift = norm.shift { divide(shift.values, among: x, width: d) }
    withExtendedLifetime(sums) {}
  }

  /// Adds the feed-forward branch of x (n, d) to it.
  private func feedForward(_ x: MutableFloats, _ layer: Int, _ token: Int) throws {
    let branch = pass.model.blocks[layer].feedForward
    let width = branch.intermediate
    let (wide, output) = (Storage(uninitializedCount: n * width), Storage(uninitializedCount: n * d))
    try branch.up.multiply(x, rows: n, into: wide.base, check: check)
    divide(branch.up.bias.values, among: wide.base, width: width)
    let (before, after) = (pass.activation(.mlpPre, layer: layer), pass.activation(.mlpPost, layer: layer))
    // The authors' 1e-12: 0/0 is 0.
    let slopes = (0..<width).map {
      after.pointer[token * width + $0] / (before.pointer[token * width + $0] + 1e-12)
    }
    for place in 0..<n * width { wide.base[place] *= slopes[place % width] }
    try branch.down.multiply(wide.base, rows: n, into: output.base, check: check)
    divide(branch.down.bias.values, among: output.base, width: d)
    for place in 0..<n * d { x[place] += output.base[place] }
    withExtendedLifetime((wide, output, before, after)) {}
  }

  /// Adds a bias to the rows of x (n, width), to each a share as large as its absolute dot product with it.
  private func divide(_ bias: [Float], among x: MutableFloats, width: Int) {
    var shares = (0..<n).map { row in
      let y = x + row * width
      return abs((0..<width).reduce(0) { $0 + Double(y[$1]) * Double(bias[$1]) })
    }
    let sum = shares.reduce(0, +) + 1e-12
    for row in 0..<n { shares[row] /= sum }
    for row in 0..<n where shares[row] != 0 {
      let (y, share) = (x + row * width, Float(shares[row]))
      for c in 0..<width { y[c] += share * bias[c] }
    }
  }
}
