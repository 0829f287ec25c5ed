import Transformers
import Faults
import Tensors

/// How far each token's output of one layer moves when another token has nothing to say.
///
/// Mohebbi, Zuidema, Chrupała, Alishahi, "Quantifying Context Mixing in Transformers", EACL 2023: the value vectors of token
/// j are set to zero in all heads of the layer, the attention probabilities stay; the score [i][j] is the cosine distance
/// between the block's output at i with and without it.
///
/// The layer's attention is not run again: without v_j the context of token i is z_i^m - P_ij^m v_j^m. The variants are the
/// rows of a batch that starts from these contexts.
struct ValueZeroing {
  private let pass: FlowPass
  private let layer: Int
  private let budget: Int

  /// - Parameter budget: Bytes for the variants that run together.
  init(_ pass: FlowPass, layer: Int, budget: Int) {
    (self.pass, self.layer, self.budget) = (pass, layer, budget)
  }

  private var length: Int { pass.length }
  private var configuration: TransformerConfiguration { pass.model.configuration }
  private var hidden: Int { configuration.hidden }

  /// (n, n): entry [i][j] is 1 - cos(h_i, h_i without v_j); 0 where j is padding, and where no value reaches i, which
  /// would leave differences of rounding.
  ///
  /// - Throws: ``AttributionFault`` when the budget is too small for one variant.
  /// - Complexity: n times the work of the layer without its attention.
  func distances(check: @escaping InterruptionCheck) throws -> [Double] {
    let (tokens, size) = (pass.positions, try variantsAtOnce())
    let output = pass.activation(.residPost, layer: layer)
    var distances = [Double](repeating: 0, count: length * length)
    let mask = pass.model.blocks[layer].attention.heads.mask
    let open = (0..<length).filter { !isClosed($0) }
    for start in stride(from: 0, to: tokens.count, by: size) {
      let part = Array(tokens[start..<min(start + size, tokens.count)])
      let variants = try outputs(without: part, check: check)
      for (row, from) in part.enumerated() {
        for to in open where mask.keys(of: to, length: length).contains(from) {
          distances[to * length + from] = cosineDistance(variants[row][to], output[to])
        }
      }
    }
    return distances
  }

  private func isClosed(_ token: Int) -> Bool {
    pass.replacesAttention(layer: layer, position: token)
      || pass.replaces(.block, layer: layer, position: token)
  }

  /// As many as the budget holds; more rows than make a full matrix product are no faster.
  private func variantsAtOnce() throws -> Int {
    let c = configuration
    let width = 8 * hidden + 3 * c.queryWidth + 2 * c.keyWidth + (c.blocks.isGated ? 3 : 1) * c.intermediate
    let bytes = 4 * length * width
    guard bytes <= budget else {
      throw AttributionFault.variantTooLarge(needed: bytes, budget: budget)
    }
    return max(1, min(budget / bytes, 2048 / length))
  }

  /// (tokens, n, d): the layer's output without the value of each of `tokens`.
  private func outputs(without tokens: [Int], check: @escaping InterruptionCheck) throws -> Tensor {
    let shape = [tokens.count, length, hidden]
    let input = pass.activation(.residPre, layer: layer)
    let states = Tensor(shape: shape) { target in
      input.withUnsafeBufferPointer { input in
        for i in 0..<target.count { target[i] = input[i % input.count] }
      }
    }
    let site = Site(.residPost, layer: layer)
    let batch = pass.batch.repeated(tokens.count)
    let request = ForwardRequest(
      capture: [site],
      interventions: pass.interventions.isEmpty
        ? [] : Array(repeating: pass.interventions, count: tokens.count),
      start: ForwardStart(
        layer: layer, hidden: states, context: contexts(without: tokens), rows: Array(tokens.indices)))
    guard let result = try pass.run(batch, request, check: check).activations[site] else {
      preconditionFailure("the forward pass did not capture \(site.name)")
    }
    return result
  }

  /// (tokens, n, A, dh): z_i^m - P_ij^m v_j^m.
  private func contexts(without tokens: [Int]) -> Tensor {
    let attention = pass.model.blocks[layer].attention.heads
    let (heads, size) = (attention.heads, attention.headSize)
    let z = pass.activation(.z, layer: layer).values
    let v = pass.activation(.v, layer: layer).values
    let pattern = pass.activation(.pattern, layer: layer).values
    return Tensor(shape: [tokens.count, length, heads, size]) { target in
      for (row, from) in tokens.enumerated() {
        for unit in 0..<length * heads {
          let (to, head) = (unit / heads, unit % heads)
          let place = (to * heads + head) * size
          // A value that stands in for the token's is not the token's to lose.
          guard !pass.replacesValue(of: head, layer: layer, position: from) else {
            for c in 0..<size { target[row * z.count + place + c] = z[place + c] }
            continue
          }
          let share = pattern[(head * length + to) * length + from]
          let value = from * attention.keyWidth + attention.keyColumn(of: head)
          for c in 0..<size {
            target[row * z.count + place + c] = z[place + c] - share * v[value + c]
          }
        }
      }
    }
  }

  private func cosineDistance(_ a: Tensor, _ b: Tensor) -> Double {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        var (product, squaresA, squaresB) = (0.0, 0.0, 0.0)
        for c in a.indices {
          let (x, y) = (Double(a[c]), Double(b[c]))
          product += x * y
          squaresA += x * x
          squaresB += y * y
        }
        let distance = 1 - product / (squaresA * squaresB).squareRoot()
        // Rounding can make the cosine of equal vectors a little more than 1. NaN stays NaN.
        return distance < 0 ? 0 : distance
      }
    }
  }
}
