import Transformers
import Foundation
import Tensors

/// The formulas of BERT written out with loops over `Double`, from named weights to every site.
///
/// Slow, and shares no code with the engine, not even the reading of weights.
struct ReferenceEncoder {
  let configuration: TransformerConfiguration
  let weights: any WeightSource

  /// Every site of one sequence without padding, in the shape that the engine has for B = 1.
  func sites(ids: [Int32], types: [Int32], words: [[Double]]? = nil) throws -> [Site: [Double]] {
    let table = try matrix("bert.embeddings.word_embeddings.weight")
    return try sites(words: words ?? ids.map { table[Int($0)] }, types: types)
  }

  private func sites(words: [[Double]], types: [Int32]) throws -> [Site: [Double]] {
    let positionTable = try matrix("bert.embeddings.position_embeddings.weight")
    let typeTable = try matrix("bert.embeddings.token_type_embeddings.weight")
    var sites: [Site: [Double]] = [:]
    let sums = words.indices.map { i in add(add(words[i], positionTable[i]), typeTable[Int(types[i])]) }
    var x = try layerNorm(sums, "bert.embeddings.LayerNorm")
    sites[Site(.embed)] = x.flatMap { $0 }
    for layer in 0..<configuration.layers { x = try block(layer, x, &sites) }
    try heads(x, &sites)
    return sites
  }

  private func block(
    _ layer: Int, _ x: [[Double]], _ sites: inout [Site: [Double]]
  ) throws -> [[Double]] {
    let name = "bert.encoder.layer.\(layer)"
    func keep(_ kind: Site.Kind, _ rows: [[Double]]) { sites[Site(kind, layer: layer)] = rows.flatMap { $0 } }
    keep(.residPre, x)
    let q = try linear(x, "\(name).attention.self.query")
    let k = try linear(x, "\(name).attention.self.key")
    let v = try linear(x, "\(name).attention.self.value")
    keep(.q, q)
    keep(.k, k)
    keep(.v, v)
    let z = attend(layer, q, k, v, &sites)
    keep(.z, z)
    let attention = try linear(z, "\(name).attention.output.dense")
    keep(.attnOut, attention)
    let midRaw = zip(attention, x).map(add)
    keep(.residMidRaw, midRaw)
    let mid = try layerNorm(midRaw, "\(name).attention.output.LayerNorm")
    keep(.residMid, mid)
    let pre = try linear(mid, "\(name).intermediate.dense")
    keep(.mlpPre, pre)
    let post = pre.map { $0.map(activation) }
    keep(.mlpPost, post)
    let mlp = try linear(post, "\(name).output.dense")
    keep(.mlpOut, mlp)
    let raw = zip(mlp, mid).map(add)
    keep(.residPostRaw, raw)
    let output = try layerNorm(raw, "\(name).output.LayerNorm")
    keep(.residPost, output)
    return output
  }

  private func attend(
    _ layer: Int, _ q: [[Double]], _ k: [[Double]], _ v: [[Double]], _ sites: inout [Site: [Double]]
  ) -> [[Double]] {
    let (n, size) = (q.count, configuration.headSize)
    var (scores, pattern): ([Double], [Double]) = ([], [])
    var z = q
    for head in 0..<configuration.heads {
      let columns = head * size..<(head + 1) * size
      for i in 0..<n {
        let row = (0..<n).map { j in dot(q[i][columns], k[j][columns]) / Double(size).squareRoot() }
        let weights = row.map { exp($0 - row.max()!) }
        let shares = weights.map { $0 / weights.reduce(0, +) }
        scores += row
        pattern += shares
        for column in columns { z[i][column] = (0..<n).reduce(0) { $0 + shares[$1] * v[$1][column] } }
      }
    }
    sites[Site(.scores, layer: layer)] = scores
    sites[Site(.pattern, layer: layer)] = pattern
    return z
  }

  private func heads(_ x: [[Double]], _ sites: inout [Site: [Double]]) throws {
    if weights.names.contains("cls.predictions.bias") {
      let inner = try linear(x, "cls.predictions.transform.dense").map { $0.map(activation) }
      let normed = try layerNorm(inner, "cls.predictions.transform.LayerNorm")
      let decoder = try matrix("bert.embeddings.word_embeddings.weight")
      let bias = try vector("cls.predictions.bias")
      let logits = normed.map { row in zip(decoder, bias).map { dot($0[...], row[...]) + $1 } }
      sites[Site(.logits)] = logits.flatMap { $0 }
    }
    if weights.names.contains("classifier.weight") {
      let pooled = try linear([x[0]], "bert.pooler.dense").map { $0.map { tanh($0) } }
      sites[Site(.pooled)] = pooled[0]
      sites[Site(.classLogits)] = try linear(pooled, "classifier")[0]
    }
  }
}

extension ReferenceEncoder {
  private func matrix(_ name: String) throws -> [[Double]] {
    let tensor = try weights.tensor(named: name)
    return (0..<tensor.shape[0]).map { tensor[$0].values.map(Double.init) }
  }

  private func vector(_ name: String) throws -> [Double] {
    try weights.tensor(named: name).values.map(Double.init)
  }

  private func linear(_ x: [[Double]], _ name: String) throws -> [[Double]] {
    let weight = try matrix(name + ".weight")
    let bias = try vector(name + ".bias")
    return x.map { row in zip(weight, bias).map { dot($0[...], row[...]) + $1 } }
  }

  private func layerNorm(_ x: [[Double]], _ name: String) throws -> [[Double]] {
    let gain = try vector(name + ".weight")
    let shift = try vector(name + ".bias")
    return x.map { row in
      let mean = row.reduce(0, +) / Double(row.count)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
      let scale = (variance + Double(configuration.epsilon)).squareRoot()
      return row.indices.map { (row[$0] - mean) / scale * gain[$0] + shift[$0] }
    }
  }

  private func activation(_ x: Double) -> Double {
    switch configuration.activation {
    case .gelu: x * (1 + erf(x / Double(2).squareRoot())) / 2
    case .geluNew: x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))) / 2
    case .relu: max(0, x)
    case .silu: x / (1 + exp(-x))
    case .tanh: tanh(x)
    }
  }

  private func add(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 + $1 } }

  private func dot(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
