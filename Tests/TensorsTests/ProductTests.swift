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

  /// a b in Double, for rows of a and c that are `padding` apart.
  @Test(arguments: [(1, 1, 1), (5, 3, 2), (7, 17, 65), (13, 400, 70)], [MatrixLayout.plain, .transposed])
  func agreesWithThePlainSum(size: (Int, Int, Int), layout: MatrixLayout) throws {
    let (rows, inner, columns) = size
    let (stride, resultStride) = (inner + 3, columns + 2)
    let (a, b) = (numbers(rows * stride, seed: 1), numbers(inner * columns, seed: 2))
    for isAccumulating in [false, true] {
      let start = numbers(rows * resultStride, seed: 3)
      var c = start
      try BLAS.multiply(
        a, stride: stride, rows: rows, inner: inner, by: b, layout, columns: columns, into: &c,
        resultStride: resultStride, accumulating: isAccumulating, check: {})
      for i in 0..<rows {
        for j in 0..<columns {
          let products = (0..<inner).map { k in
            Double(a[i * stride + k]) * Double(b[layout == .plain ? k * columns + j : j * inner + k])
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

  @Test func largeProductsAreInterruptedBetweenTiles() {
    let tiles = BLAS.tiles(of: 10_000, operationsPerRow: 2 * 3072 * 768)
    #expect(tiles.count > 1)
    #expect(tiles.first?.lowerBound == 0 && tiles.last?.upperBound == 10_000)
    #expect(zip(tiles, tiles.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    #expect(BLAS.tiles(of: 0, operationsPerRow: 1).isEmpty)
  }
}
