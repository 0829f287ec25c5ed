import Synchronization
import Testing

@testable import Tensors

@Suite struct ProductTests {
  /// Numbers that no rounding makes exact, from a simple recurrence.
  private func numbers(_ count: Int, seed: UInt32) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / Float(1 << 23) - 1
    }
  }

  private static let sizes = [(1, 1, 1), (1, 17, 5), (1, 400, 70), (5, 3, 2), (7, 17, 65), (13, 400, 70)]

  /// a b in Double, for rows of a, c and perhaps b that are further apart than they are long.
  @Test(arguments: sizes, [(MatrixLayout.plain, 0), (.plain, 4), (.transposed, 0), (.transposed, 4)])
  func agreesWithThePlainSum(size: (Int, Int, Int), factor: (layout: MatrixLayout, padding: Int)) throws {
    let (rows, inner, columns) = size
    let layout = factor.layout
    let (stride, resultStride) = (inner + 3, columns + 2)
    let factorStride = (layout == .plain ? columns : inner) + factor.padding
    let (a, b) = (
      numbers(rows * stride, seed: 1), numbers(max(inner, columns) * factorStride, seed: 2)
    )
    for isAccumulating in [false, true] {
      let start = numbers(rows * resultStride, seed: 3)
      var c = start
      try BLAS.multiply(
        a, stride: stride, rows: rows, inner: inner, by: b, layout,
        factorStride: factor.padding == 0 ? nil : factorStride, columns: columns, into: &c,
        resultStride: resultStride, accumulating: isAccumulating, check: {})
      for i in 0..<rows {
        for j in 0..<columns {
          let products = (0..<inner).map { k in
            Double(a[i * stride + k])
              * Double(b[layout == .plain ? k * factorStride + j : j * factorStride + k])
          }
          let place = i * resultStride + j
          let expected = products.reduce(isAccumulating ? Double(start[place]) : 0, +)
          #expect(abs(Double(c[place]) - expected) < 1e-5 * max(1, products.reduce(0) { $0 + abs($1) }))
        }
        // What lies between the rows stays.
        #expect(
          c[(i * resultStride + columns)..<((i + 1) * resultStride)].elementsEqual(
            start[(i * resultStride + columns)..<((i + 1) * resultStride)]))
      }
    }
  }

  /// Products of several steps, over rows where these are more, else over columns.
  @Test(arguments: [(1500, 1300), (1300, 1500)], [MatrixLayout.plain, .transposed])
  func productsOfSeveralStepsAgreeWithThePlainSum(size: (rows: Int, columns: Int), layout: MatrixLayout)
    throws
  {
    let (rows, columns) = size
    let inner = 1200
    let (a, b) = (numbers(rows * inner, seed: 1), numbers(columns * inner, seed: 2))
    var c = [Float](repeating: .nan, count: rows * columns)
    let steps = Mutex(0)
    try BLAS.multiply(
      a, rows: rows, inner: inner, by: b, layout, columns: columns, into: &c,
      check: { steps.withLock { $0 += 1 } })
    #expect(steps.withLock { $0 } == 2)
    #expect(!c.contains { $0.isNaN })
    for i in stride(from: 0, to: rows, by: 97) {
      for j in stride(from: 0, to: columns, by: 61) {
        let products = (0..<inner).map { k in
          Double(a[i * inner + k]) * Double(b[layout == .plain ? k * columns + j : j * inner + k])
        }
        let (sum, size) = (products.reduce(0, +), products.reduce(0) { $0 + abs($1) })
        #expect(abs(Double(c[i * columns + j]) - sum) < 1e-5 * size)
      }
    }
  }

  @Test(arguments: ["Haswell", "SkylakeX", "unknown"])
  func largeProductsAreInterruptedBetweenSteps(core: String) {
    let grid = ProductGrid(
      rows: 10_000, inner: 768, columns: 3072, layout: .transposed, threads: 2,
      rules: ProductRules(coreName: core))
    #expect(grid.steps.count == 12)
    var done = [Int](repeating: 0, count: 3072)
    for part in grid.steps.joined().map({ grid[$0] }) {
      for column in part.columns.kept { done[column] += part.rows.count }
    }
    #expect(done.allSatisfy { $0 == 10_000 })
  }

  /// Any rows of a product, computed among others, at other places, alone, and on so many threads, are the same bits.
  @Test(arguments: 0..<40)
  func rowsDoNotDependOnTheOthers(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let inner = Int.random(in: 1...1000, using: &random)
    let columns = seed % 8 == 0 ? 2000 : Int.random(in: 1...(seed % 3 == 0 ? 40 : 700), using: &random)
    let rows = Int.random(in: 1...130, using: &random)
    let layout = Bool.random(using: &random) ? MatrixLayout.plain : .transposed
    let isAccumulating = Bool.random(using: &random)
    let (stride, resultStride) = (inner + Int.random(in: 0...5, using: &random), columns + 3)
    let a = numbers(rows * stride, seed: UInt32(seed))
    let b = numbers(inner * columns, seed: 1)
    let start = numbers(rows * resultStride, seed: 2)

    func product(of chosen: [Int], threads: Int) throws -> [[UInt32]] {
      let x = chosen.flatMap { a[$0 * stride..<($0 + 1) * stride] }
      var c = chosen.flatMap { start[$0 * resultStride..<($0 + 1) * resultStride] }
      let grid = BLAS.threads
      defer { BLAS.threads = grid }
      BLAS.threads = threads
      try BLAS.multiply(
        x, stride: stride, rows: chosen.count, inner: inner, by: b, layout, columns: columns, into: &c,
        resultStride: resultStride, accumulating: isAccumulating, check: {})
      return chosen.indices.map { row in
        c[row * resultStride..<row * resultStride + columns].map(\.bitPattern)
      }
    }

    let all = try product(of: Array(0..<rows), threads: 1)
    for subset in 0..<8 {
      var chosen = Array((0..<rows).shuffled(using: &random).prefix(Int.random(in: 1...rows, using: &random)))
      if subset < 3 { chosen = Array(chosen.prefix(1)) }
      let part = try product(of: chosen, threads: 1 + subset % 3)
      #expect(zip(chosen, part).allSatisfy { all[$0] == $1 })
    }
  }
}

private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
