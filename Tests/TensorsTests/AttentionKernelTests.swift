import CKernels
import Foundation
import Testing

/// One head with biases, strides and excluded keys.
private struct Head {
  let plain: PlainAttention
  let (query, key, value): ([Float], [Float], [Float])
  let biases: [Float]
  let (queryStride, keyStride): (Int, Int)

  init(queries: Int, keys: Int, size: Int, reading: Reading, cap: Float, seed: Int = 0) {
    var values = Values(queries + 100 * keys + 10_000 * size + seed)
    (queryStride, keyStride) = (size + 3, 2 * size + 1)
    query = values.floats(queries * queryStride, within: 2)
    (key, value) = (values.floats(keys * keyStride, within: 2), values.floats(keys * keyStride))
    biases = values.floats(3 * size)
    plain = PlainAttention(
      queries: queries, keys: keys, heads: 1, keyHeads: 1, size: size, scale: Double(0.4 as Float),
      cap: Double(cap), ranges: reading.ranges(queries: queries, keys: keys),
      mask: (0..<keys).map { keys < 3 || $0 % 4 != 1 })
  }

  struct Found: Equatable {
    let scores: [Float]
    let slopes: [Float]
    let pattern: [Float]
    let context: [Float]
  }

  /// What the kernel gives; scores and slopes are empty where they are not asked for.
  func callAsFunction(ranged: Bool, scored: Bool = true, sloped: Bool = true) -> Found {
    let (m, n, size) = (plain.queries, plain.keys, plain.size)
    let (query, key, value) = (Memory(query), Memory(key), Memory(value))
    let (bias, mask) = (Memory(biases), Memory(plain.mask))
    let ranges = Memory(plain.ranges.flatMap { [Int32($0.lowerBound), Int32($0.upperBound)] })
    let (scores, slopes) = (Memory(unwritten: m * n), Memory(unwritten: m * n))
    let (pattern, context) = (Memory(unwritten: m * n), Memory(unwritten: m * (size + 2)))
    let scratch = Memory(unwritten: ck_attention_scratch(m, n, size))
    withExtendedLifetime((query, key, value, bias, mask, ranges)) {
      var head = ck_attention_head(
        queries: m, keys: n, head_size: size, query: query.base, key: key.base, value: value.base,
        query_stride: queryStride, key_stride: keyStride, query_bias: bias.base, key_bias: bias.base + size,
        value_bias: bias.base + 2 * size, mask: mask.base, scale: Float(plain.scale),
        scores: scored ? scores.base : nil, pattern: pattern.base, context: context.base,
        context_stride: size + 2, ranges: ranged ? UnsafePointer(ranges.base) : nil, cap: Float(plain.cap),
        slopes: sloped ? slopes.base : nil)
      ck_attention(&head, scratch.base)
    }
    let dense = (0..<m).flatMap { row(context.array, $0, size + 2)[..<size] }
    return Found(
      scores: scored ? scores.array : [], slopes: sloped && plain.cap > 0 ? slopes.array : [],
      pattern: pattern.array, context: dense)
  }

  var expected: PlainAttention.Result {
    func dense(_ x: [Float], _ stride: Int, _ rows: Int, _ part: Int) -> [Double] {
      let size = plain.size
      return (0..<rows).flatMap { r in
        (0..<size).map { Double(x[r * stride + $0] + biases[part * size + $0]) }
      }
    }
    return plain(
      query: dense(query, queryStride, plain.queries, 0), key: dense(key, keyStride, plain.keys, 1),
      value: dense(value, keyStride, plain.keys, 2))
  }
}

@Suite struct AttentionKernelTests {
  static let shapes = [(1, 1, 3), (5, 5, 8), (3, 17, 12), (40, 40, 64), (70, 50, 3), (33, 70, 8)]

  @Test(arguments: shapes, [0, 2] as [Float]) func isTheFormula(_ shape: (Int, Int, Int), _ cap: Float) {
    for reading in Reading.allCases {
      let head = Head(queries: shape.0, keys: shape.1, size: shape.2, reading: reading, cap: cap)
      let (found, expected) = (head(ranged: true), head.expected)
      // Outside the range, scores are what they are; excluded keys have none.
      let places = found.scores.indices.filter { head.plain.mask[$0 % shape.1] }
      #expect(worstDifference(places.map { found.scores[$0] }, places.map { expected.scores[$0] }) < 1e-4)
      #expect(
        found.scores.indices.allSatisfy { head.plain.mask[$0 % shape.1] || found.scores[$0] == -.infinity })
      #expect(found.pattern.indices.allSatisfy { expected.pattern[$0] > 0 || found.pattern[$0] == 0 })
      #expect(worstDifference(found.pattern, expected.pattern) < 2e-5)
      #expect(worstDifference(found.context, expected.context) < 5e-5)
      if cap > 0 { #expect(worstDifference(found.slopes, expected.slopes) < 5e-5) }
      // What else is asked for changes nothing.
      let alone = head(ranged: true, scored: false, sloped: false)
      #expect(alone.pattern == found.pattern && alone.context == found.context)
      let sloped = head(ranged: true, scored: false)
      #expect(
        sloped.pattern == found.pattern && sloped.context == found.context && sloped.slopes == found.slopes)
      if reading == .all { #expect(head(ranged: false) == found) }
    }
  }

  /// A query's row is the same among others as alone, whatever they read.
  @Test func rowsAreIndependent() {
    let many = Head(queries: 70, keys: 70, size: 8, reading: .window, cap: 0)
    let found = many(ranged: true, scored: false)
    let causal = Head(queries: 70, keys: 70, size: 8, reading: .causal, cap: 0)
    var mixed = causal.plain.ranges
    mixed[50] = many.plain.ranges[50]
    var plain = causal.plain
    plain.ranges = mixed
    let other = causal.replaced(plain)(ranged: true, scored: false)
    #expect(row(other.pattern, 50, 70) == row(found.pattern, 50, 70))
    #expect(row(other.context, 50, 8) == row(found.context, 50, 8))
  }

  @Test func noKeyGivesZeros() {
    var head = Head(queries: 5, keys: 20, size: 8, reading: .all, cap: 0)
    var plain = head.plain
    plain.mask = plain.mask.map { _ in false }
    head = head.replaced(plain)
    for ranged in [false, true] {
      let found = head(ranged: ranged)
      #expect(found.pattern.allSatisfy { $0 == 0 } && found.context.allSatisfy { $0 == 0 })
      #expect(found.scores.allSatisfy { $0 == -.infinity })
    }
    // A range that holds excluded keys alone.
    plain.mask = (0..<20).map { $0 < 10 }
    plain.ranges = plain.ranges.map { _ in 10..<17 }
    let found = head.replaced(plain)(ranged: true)
    #expect(found.pattern.allSatisfy { $0 == 0 } && found.context.allSatisfy { $0 == 0 })
  }

  @Test(arguments: [0, 5] as [Float]) func naNStaysInItsRow(_ cap: Float) {
    var head = Head(queries: 6, keys: 20, size: 8, reading: .causal, cap: cap)
    var plain = head.plain
    plain.ranges[4] = 3..<3
    head = head.replaced(plain)
    for ranged in [false, true] {
      let found = head.with(queryNaN: [2, 4])(ranged: ranged)
      for i in 0..<6 {
        let (pattern, context) = (row(found.pattern, i, 20), row(found.context, i, 8))
        let isNaN = i == 2 || (i == 4 && !ranged)
        #expect(context.allSatisfy { $0.isNaN == isNaN })
        for j in 0..<20 {
          let read = plain.mask[j] && (!ranged || plain.ranges[i].contains(j))
          #expect(isNaN || pattern[j].isNaN == false)
          if !read, ranged, !isNaN { #expect(pattern[j] == 0) }
          if isNaN, read { #expect(pattern[j].isNaN) }
        }
      }
    }
    // A key that is NaN and lies outside every range but the last query's: the others do not read its score.
    let found = head.with(keyNaN: 5)(ranged: true)
    #expect(found.pattern[..<100].allSatisfy { !$0.isNaN })
    #expect(plain.mask[5] == false || row(found.context, 5, 8).allSatisfy { $0.isNaN })
  }

  /// Scores from -6 cap to 6 cap; the slopes keep their relative accuracy where tanh is nearly 1.
  @Test(arguments: [1, 30, 50] as [Float]) func capIsAccurate(_ cap: Float) {
    let keys = 4001
    var head = Head(queries: 1, keys: keys, size: 1, reading: .all, cap: cap)
    var plain = head.plain
    (plain.scale, plain.mask) = (1, [Bool](repeating: true, count: keys))
    head = head.replaced(plain).with(query: 1, keys: (0..<keys).map { Float($0 - 2000) * 3e-3 * cap })
    let (found, expected) = (head(ranged: false), head.expected)
    let worst = worstDifference(found.scores, expected.scores) / Double(cap)
    let slopes = zip(found.slopes, expected.scores.indices).map { found, i -> Double in
      let x = Double(i - 2000) * Double(3e-3 as Float)
      return abs(Double(found) * cosh(x) * cosh(x) - 1)
    }
    print("cap \(cap): maximum difference \(worst) of it, slopes \(slopes.max() ?? .nan) relative")
    #expect(worst < 2e-7)
    #expect((slopes.max() ?? .nan) < 2e-5)
  }
}

extension Head {
  func replaced(_ plain: PlainAttention) -> Head {
    Head(
      plain: plain, query: query, key: key, value: value, biases: biases, queryStride: queryStride,
      keyStride: keyStride)
  }

  func with(queryNaN rows: [Int]) -> Head {
    var query = query
    for r in rows { query[r * queryStride] = .nan }
    return Head(
      plain: plain, query: query, key: key, value: value, biases: biases, queryStride: queryStride,
      keyStride: keyStride)
  }

  func with(keyNaN j: Int) -> Head {
    var key = key
    key[j * keyStride] = .nan
    return Head(
      plain: plain, query: query, key: key, value: value, biases: biases, queryStride: queryStride,
      keyStride: keyStride)
  }

  /// Heads of size 1 without biases.
  func with(query: Float, keys: [Float]) -> Head {
    Head(
      plain: plain, query: [Float](repeating: query, count: self.query.count),
      key: keys.flatMap { [$0, 0, 0] }, value: value, biases: [0, 0, 0], queryStride: queryStride,
      keyStride: keyStride)
  }

  private init(
    plain: PlainAttention, query: [Float], key: [Float], value: [Float], biases: [Float], queryStride: Int,
    keyStride: Int
  ) {
    (self.plain, self.query, self.key, self.value) = (plain, query, key, value)
    (self.biases, self.queryStride, self.keyStride) = (biases, queryStride, keyStride)
  }
}
