import CKernels
import Faults
import Tensors

/// One query of a head, and all keys and values of its row.
package struct CutOperands {
  /// (dh)
  package let query: Floats
  /// (keys, dh) each, rows `stride` apart.
  package let key: Floats
  package let value: Floats
  package let stride: Int
  /// How many keys there are.
  package let keys: Int
  /// (dh) each, which are added on the way.
  package let queryBias: Floats
  package let keyBias: Floats
  package let valueBias: Floats

  package init(
    query: Floats, key: Floats, value: Floats, stride: Int, keys: Int, queryBias: Floats, keyBias: Floats,
    valueBias: Floats
  ) {
    (self.query, self.key, self.value, self.stride, self.keys) = (query, key, value, stride, keys)
    (self.queryBias, self.keyBias, self.valueBias) = (queryBias, keyBias, valueBias)
  }
}

/// Attention without some edges: what one query of a head reads is computed anew.
extension Attention {
  /// P (keys) and z (dh) of a query.
  ///
  /// - Parameters:
  ///   - readable: the keys that it may read by the layer's mask
  ///   - isThere: whether a key is a real token
  package func cut(
    _ reader: CutPlan.Reader, _ operands: CutOperands, readable: Range<Int>, isThere: (_ key: Int) -> Bool,
    weights: MutableFloats, context: MutableFloats
  ) {
    var states = [UInt8](repeating: UInt8(ck_key_masked), count: operands.keys)
    for key in readable where isThere(key) { states[key] = UInt8(ck_key_read) }
    for key in reader.zeroed where states[key] == UInt8(ck_key_read) { states[key] = UInt8(ck_key_zeroed) }
    for key in reader.masked { states[key] = UInt8(ck_key_masked) }
    states.withUnsafeBufferPointer { states in
      guard let states = states.baseAddress else { return }
      var description = ck_cut_query(
        keys: operands.keys, head_size: headSize, query: operands.query, key: operands.key,
        value: operands.value, stride: operands.stride, query_bias: operands.queryBias,
        key_bias: operands.keyBias, value_bias: operands.valueBias, scale: scale, cap: cap, states: states,
        context: context)
      ck_attention_cut(&description, weights)
    }
  }

  /// What a pass over whole sequences has computed, anew for the readers whose edges are cut.
  ///
  /// - Parameters:
  ///   - place: where a query's context is among those of `operands`; nil for one that is not run
  ///   - context: z, (queries, A dh)
  ///   - scores: (B, A, n, n) if captured: minus infinity where an edge is masked
  ///   - pattern: P, likewise
  package func cut(
    _ readers: [CutPlan.Reader], _ operands: AttentionOperands, _ layout: AttentionLayout,
    place: (_ row: Int, _ position: Int) -> Int?, context: MutableFloats, scores: MutableFloats?,
    pattern: MutableFloats?, check: InterruptionCheck
  ) throws {
    let (length, places) = (layout.length, readers.map { place($0.row, $0.position) })
    for first in stride(from: 0, to: readers.count, by: 4096) {
      try check()
      let part = first..<min(first + 4096, readers.count)
      Workers.split(part.count, minimum: max(1, 100_000 / max(1, 4 * length * headSize))) { indices in
        withScratch(count: length) { scratch in
          for index in indices {
            guard let query = places[first + index] else { continue }
            let reader = readers[first + index]
            let line = ((reader.row * heads + reader.head) * length + reader.position) * length
            cut(
              reader, self.operands(reader, query, operands, layout),
              readable: mask.keys(of: reader.position, length: length),
              isThere: { layout.mask[reader.row * length + $0] },
              weights: pattern.map { $0 + line } ?? scratch,
              context: context + query * queryWidth + reader.head * headSize)
            if let scores { for key in reader.masked { scores[line + key] = -.infinity } }
          }
        }
      }
    }
  }

  private func operands(
    _ reader: CutPlan.Reader, _ query: Int, _ operands: AttentionOperands, _ layout: AttentionLayout
  ) -> CutOperands {
    let (token, column, keyColumn) = (
      reader.row * layout.length, reader.head * headSize, keyColumn(of: reader.head)
    )
    let bias = operands.bias.pointer
    return CutOperands(
      query: operands.query + query * operands.queryStride + column,
      key: operands.key + token * operands.keyStride + keyColumn,
      value: operands.value + token * operands.keyStride + keyColumn, stride: operands.keyStride,
      keys: layout.length, queryBias: bias + column, keyBias: bias + queryWidth + keyColumn,
      valueBias: bias + queryWidth + keyWidth + keyColumn)
  }
}
