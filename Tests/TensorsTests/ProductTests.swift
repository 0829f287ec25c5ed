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

  @Test func largeProductsAreInterruptedBetweenTiles() {
    let tiles = BLAS.tiles(of: 10_000, operations: 2 * 10_000 * 3072 * 768)
    #expect(tiles.count == 12)
    #expect(tiles.allSatisfy { $0.lowerBound % 64 == 0 })
    #expect(tiles.first?.lowerBound == 0 && tiles.last?.upperBound == 10_000)
    #expect(zip(tiles, tiles.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    #expect(BLAS.tiles(of: 0, operations: 0).isEmpty)
  }
}
