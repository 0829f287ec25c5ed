import Faults
import Tensors
import Transformers

extension FlowPass {
  /// (n, A, d): v_j^m W_O^m of a layer, values with their bias; 0 where the value is replaced: no token has a part in it.
  func transformedValues(layer: Int, _ check: InterruptionCheck) throws -> Storage {
    let branch = model.blocks[layer].attention
    let (attention, size) = (branch.heads, branch.heads.headSize)
    let (heads, hidden) = (attention.heads, branch.output.outputs)
    let result = Storage(uninitializedCount: length * heads * hidden)
    let values = activation(.v, layer: layer)
    // (A dh, d): the rows of a head's columns of the output projection.
    let weight = branch.output.weight.permuted([1, 0])
    for head in 0..<heads {
      try BLAS.multiply(
        values.pointer + attention.keyColumn(of: head), stride: attention.keyWidth, rows: length, inner: size,
        by: weight.pointer + head * size * hidden, .plain, columns: hidden,
        into: result.base + head * hidden, resultStride: heads * hidden, check: check)
    }
    withExtendedLifetime((values, weight)) {}
    for from in 0..<length {
      for head in 0..<heads where replacesValue(of: head, layer: layer, position: from) {
        (result.base + (from * heads + head) * hidden).update(repeating: 0, count: hidden)
      }
    }
    return result
  }

  /// Whether what a head reads of a token is replaced.
  func replacesValue(of head: Int, layer: Int, position: Int) -> Bool {
    let attention = model.blocks[layer].attention.heads
    return replaces(
      .value(attention.keyColumn(of: head) / attention.headSize), layer: layer, position: position)
  }

  /// (n, A): 1 where a head's context is what the attention computes, 0 where it or the whole output is replaced.
  func openHeads(layer: Int) -> [Float] {
    let heads = model.configuration.heads
    return (0..<length).flatMap { to -> [Float] in
      let isClosed = replaces(.attention, layer: layer, position: to)
      return (0..<heads).map { head in
        isClosed || replaces(.head(head), layer: layer, position: to) ? 0 : 1
      }
    }
  }
}
