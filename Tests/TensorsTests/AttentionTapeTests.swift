import CKernels
import Testing

struct TapeCase: Sendable, CustomTestStringConvertible {
  let (queries, keys, size): (Int, Int, Int)
  let (heads, keyHeads): (Int, Int)
  let reading: Reading
  let cap: Double

  static let all: [TapeCase] = {
    let shapes = [(1, 1, 3), (4, 4, 8), (1, 7, 12), (6, 6, 3), (3, 18, 8), (2, 3, 64)]
    let heads = [(1, 1), (2, 1), (4, 2), (4, 1), (4, 4)]
    let all = shapes.indices.flatMap { a in heads.indices.map { (shapes[a], heads[$0], a + $0) } }
    return all.filter { $0.0.2 < 64 || $0.1.0 < 4 }.map { shape, heads, index in
      TapeCase(
        queries: shape.0, keys: shape.1, size: shape.2, heads: heads.0, keyHeads: heads.1,
        reading: Reading.allCases[index % Reading.allCases.count], cap: index % 2 == 0 ? 0 : 1.5)
    }
  }()

  var testDescription: String {
    "\(queries) x \(keys), \(heads) of \(keyHeads) x \(size), \(reading)\(cap > 0 ? ", cap" : "")"
  }
}

/// Queries, keys, values and shifts of scores in one vector, whose derivatives central differences tell.
private struct Point {
  let plain: PlainAttention
  let values: [Double]

  init(_ this: TapeCase) {
    plain = PlainAttention(
      queries: this.queries, keys: this.keys, heads: this.heads, keyHeads: this.keyHeads, size: this.size,
      cap: this.cap, ranges: this.reading.ranges(queries: this.queries, keys: this.keys),
      mask: (0..<this.keys).map { $0 % 4 != 1 })
    var values = Values(this.queries + 10 * this.keys + 100 * this.size + this.heads)
    self.values =
      values.floats(plain.queryCount + 2 * plain.keyCount).doubles
      + [Double](repeating: 0, count: plain.square)
  }

  var query: Range<Int> { 0..<plain.queryCount }
  var key: Range<Int> { query.upperBound..<query.upperBound + plain.keyCount }
  var value: Range<Int> { key.upperBound..<key.upperBound + plain.keyCount }
  var shifts: Range<Int> { value.upperBound..<values.count }

  func result(_ x: [Double]) -> PlainAttention.Result {
    plain(query: Array(x[query]), key: Array(x[key]), value: Array(x[value]), shifts: Array(x[shifts]))
  }

  func context(_ x: [Double]) -> [Double] { result(x).context }

  func floats(_ part: Range<Int>) -> [Float] { values[part].map { Float($0) } }

  /// Calls `body` with the tape of this point.
  func withTape<R>(_ body: (UnsafePointer<ck_attention_tape>) -> R) -> R {
    let found = result(values)
    let x = Memory(values.map { Float($0) })
    let (pattern, slopes) = (Memory(found.pattern.map { Float($0) }), Memory(found.slopes.map { Float($0) }))
    return withExtendedLifetime((x, pattern, slopes)) {
      var tape = ck_attention_tape(
        queries: plain.queries, keys: plain.keys, heads: plain.heads, key_heads: plain.keyHeads,
        head_size: plain.size, query: x.base, key: x.base + key.lowerBound, value: x.base + value.lowerBound,
        query_stride: plain.heads * plain.size, key_stride: plain.keyHeads * plain.size,
        pattern: pattern.base,
        scale: Float(plain.scale), slopes: plain.cap > 0 ? UnsafePointer(slopes.base) : nil)
      return body(&tape)
    }
  }

  func scratch(sources: Int = 0) -> [Float] {
    [Float](repeating: .nan, count: withTape { ck_attention_tape_scratch($0, sources) })
  }

  /// A vector of 0 but for `part`, which gets `t`.
  func direction(_ parts: (Range<Int>, [Float])...) -> [Double] {
    var direction = [Double](repeating: 0, count: values.count)
    for (part, t) in parts { direction.replaceSubrange(part, with: t.doubles) }
    return direction
  }

  /// Where token `i` lies in `part`, whose rows are `width`.
  func token(_ i: Int, of part: Range<Int>) -> Range<Int> {
    let width = (part == query ? plain.heads : plain.keyHeads) * plain.size
    return part.lowerBound + i * width..<part.lowerBound + (i + 1) * width
  }
}

private let tolerance = 1e-5

@Suite struct AttentionTapeTests {
  @Test(arguments: TapeCase.all) func gradients(_ this: TapeCase) {
    let point = Point(this)
    var (values, scratch) = (Values(5), point.scratch())
    let g = values.floats(point.plain.queryCount)
    var (query, key) = (point.floats(point.query), point.floats(point.key))
    var (value, score) = (key, [Float](repeating: .nan, count: point.plain.square))
    let strides = (this.heads * this.size, this.keyHeads * this.size)
    point.withTape {
      ck_attention_gradient($0, g, &score, &query, strides.0, &key, &value, strides.1, &scratch)
    }
    let found = query + key + value + score.map { $0 / Float(point.plain.scale) }
    // Some components one by one, and all together along a direction.
    let places = Array(stride(from: 0, to: found.count, by: max(1, found.count / 40)))
    let some = gradient(of: point.context, at: point.values, from: g.doubles, places: places)
    #expect(worstDifference(places.map { found[$0] }, some) < tolerance)
    let t = values.floats(found.count).doubles
    let change = tangent(of: point.context, at: point.values, along: t)
    #expect(abs(dot(found.doubles, t) - dot(g.doubles, change)) < 10 * tolerance)
  }

  @Test(arguments: TapeCase.all) func tangents(_ this: TapeCase) {
    let point = Point(this)
    var (values, scratch) = (Values(6), point.scratch())
    let query = values.floats(point.plain.queryCount)
    let (key, value) = (values.floats(point.plain.keyCount), values.floats(point.plain.keyCount))
    let strides = (this.heads * this.size, this.keyHeads * this.size)
    let found = result(query.count) { context in
      point.withTape { ck_attention_tangent($0, query, strides.0, key, value, strides.1, context, &scratch) }
    }
    let direction = point.direction((point.query, query), (point.key, key), (point.value, value))
    #expect(
      worstDifference(found, tangent(of: point.context, at: point.values, along: direction)) < tolerance)
  }

  @Test(arguments: TapeCase.all) func edges(_ this: TapeCase) {
    let point = Point(this)
    var values = Values(7)
    let (width, keyWidth) = (this.heads * this.size, this.keyHeads * this.size)
    let contexts = point.context(point.values)
    let (key, value, g) = (values.floats(keyWidth), values.floats(keyWidth), values.floats(width))
    for (i, j) in [(0, 0), (this.keys - 1, this.queries - 1)] {
      let context = row(contexts, j, width).map { Float($0) }
      let start = values.floats(width)
      let moved = start.changed { context_tangent in
        point.withTape { ck_attention_edge_tangent($0, context, i, j, key, value, context_tangent) }
      }
      let (keyPlace, valuePlace) = (point.token(i, of: point.key), point.token(i, of: point.value))
      let direction = point.direction((keyPlace, key), (valuePlace, value))
      let change = row(tangent(of: point.context, at: point.values, along: direction), j, width)
      #expect(worstDifference(moved, zip(start, change).map { Double($0) + $1 }) < tolerance)

      var (byQuery, byKey, byValue) = (start, key, value)
      point.withTape { ck_attention_edge_gradient($0, context, i, j, g, &byQuery, &byKey, &byValue) }
      let of = { (x: [Double]) in row(point.context(x), j, width) }
      func expected(_ places: Range<Int>) -> [Double] {
        gradient(of: of, at: point.values, from: g.doubles, places: Array(places))
      }
      #expect(worstDifference(byQuery, expected(point.token(j, of: point.query))) < tolerance)
      #expect(worstDifference(byKey, expected(keyPlace)) < tolerance)
      #expect(worstDifference(byValue, expected(valuePlace)) < tolerance)
      var (otherKey, otherValue) = (value, key)
      point.withTape { ck_attention_edge_gradient($0, context, i, j, g, nil, &otherKey, &otherValue) }
      #expect(otherKey == byKey && otherValue == byValue)
    }
  }

  @Test(arguments: TapeCase.all) func movingQueries(_ this: TapeCase) {
    let point = Point(this)
    let width = this.heads * this.size
    var (values, scratch) = (Values(8), point.scratch(sources: 2))
    let (tangents, start) = (values.floats(3 * width), values.floats(4 * width))
    let moves = [
      ck_moving_query(query: this.queries - 1, tangent_row: 2, context_row: 1),
      ck_moving_query(query: 0, tangent_row: 0, context_row: 3),
    ]
    let found = start.changed { contexts in
      point.withTape { ck_attention_query_tangents($0, moves, 2, tangents, contexts, &scratch) }
    }
    var expected = start.doubles
    for move in moves {
      let t = row(tangents, move.tangent_row, width)
      let direction = point.direction((point.token(move.query, of: point.query), t))
      let change = row(tangent(of: point.context, at: point.values, along: direction), move.query, width)
      for c in 0..<width { expected[move.context_row * width + c] += change[c] }
    }
    #expect(worstDifference(found, expected) < tolerance)
  }

  @Test(arguments: TapeCase.all) func candidates(_ this: TapeCase) {
    let point = Point(this)
    let (width, keyWidth) = (this.heads * this.size, this.keyHeads * this.size)
    var values = Values(9)
    let positions = values.integers(3, below: this.keys)
    let (key, value) = (values.floats(3 * keyWidth), values.floats(3 * keyWidth))
    let g = values.floats(point.plain.queryCount)
    var (query, k, v) = (point.floats(point.query), point.floats(point.key), point.floats(point.key))
    var (score, scratch) = ([Float](repeating: .nan, count: point.plain.square), point.scratch(sources: 3))
    point.withTape {
      ck_attention_gradient($0, g, &score, &query, width, &k, &v, keyWidth, &scratch)
    }
    let found = result(3 * this.queries) { result in
      point.withTape {
        ck_attention_candidates($0, g, score, 3, positions, key, value, keyWidth, result, &scratch)
      }
    }
    let expected = (0..<3).flatMap { s -> [Double] in
      let i = Int(positions[s])
      let direction = point.direction(
        (point.token(i, of: point.key), row(key, s, keyWidth)),
        (point.token(i, of: point.value), row(value, s, keyWidth)))
      let change = tangent(of: point.context, at: point.values, along: direction)
      return (0..<this.queries).map { dot(row(change, $0, width), row(g, $0, width).doubles) }
    }
    #expect(worstDifference(found, expected) < 2 * tolerance)
  }
}
