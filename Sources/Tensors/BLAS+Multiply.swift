import CKernels
import COpenBLAS
import Faults

/// How the second operand of a product is stored.
package enum MatrixLayout: Sendable {
  /// (inner, columns)
  case plain
  /// (columns, inner), as the weights of a linear layer are.
  case transposed
}

extension BLAS {
  /// Floating-point operations between two checks for an interruption: 10 to 40 ms.
  private static let operationsPerStep = 4_000_000_000

  /// c = a b, or c += a b: a is (rows, inner), c is (rows, columns), rows `stride` apart where
  /// given, as those of b `factorStride`. `check` runs before each step of some milliseconds.
  package static func multiply(
    _ a: UnsafePointer<Float>, stride: Int? = nil, rows: Int, inner: Int,
    by b: UnsafePointer<Float>, _ layout: MatrixLayout, factorStride: Int? = nil, columns: Int,
    into c: UnsafeMutablePointer<Float>, resultStride: Int? = nil, accumulating: Bool = false,
    check: InterruptionCheck
  ) throws {
    if rows == 1, layout == .transposed, !accumulating, factorStride ?? inner == inner {
      try check()
      return multiplyRow(a, inner: inner, by: b, columns: columns, into: c)
    }
    let (aStride, bStride, cStride) = (
      stride ?? inner, factorStride ?? (layout == .plain ? columns : inner), resultStride ?? columns
    )
    for tile in tiles(of: rows, operationsPerRow: 2 * inner * columns) {
      try check()
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, layout == .transposed ? CblasTrans : CblasNoTrans, Int32(tile.count),
        Int32(columns), Int32(inner), 1, a + tile.lowerBound * aStride, Int32(aStride), b, Int32(bStride),
        accumulating ? 1 : 0, c + tile.lowerBound * cStride, Int32(cStride))
    }
  }

  /// c = a b for one row: a product that takes as long as reading the weights, which the library's matrix product would copy
  /// first; its product with a vector waits for threads that others hold up.
  private static func multiplyRow(
    _ a: UnsafePointer<Float>, inner: Int, by b: UnsafePointer<Float>, columns: Int,
    into c: UnsafeMutablePointer<Float>
  ) {
    Workers.split(columns, minimum: max(1, 65536 / max(1, inner))) { part in
      ck_row_product(a, b + part.lowerBound * inner, c + part.lowerBound, part.count, inner)
    }
  }

  /// Equal parts of `rows` that each stay below `operationsPerStep`.
  static func tiles(of rows: Int, operationsPerRow: Int) -> [Range<Int>] {
    guard rows > 0 else { return [] }
    let most = max(1, operationsPerStep / max(1, operationsPerRow))
    let parts = (rows + most - 1) / most
    return (0..<parts).map { rows * $0 / parts..<rows * ($0 + 1) / parts }
  }
}

/// Memory for a kernel's intermediate values, aligned to whole vectors.
package func withScratch(count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
  let storage = Storage(uninitializedCount: count)
  body(storage.base)
  withExtendedLifetime(storage) {}
}
