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
    guard rows > 0, columns > 0 else { return }
    // Each step copies the whole of one factor: the smaller one.
    let operations = 2 * inner * rows * columns
    let rowTiles = columns > rows ? [0..<rows] : tiles(of: rows, operations: operations)
    let columnTiles = columns > rows ? tiles(of: columns, operations: operations) : [0..<columns]
    for rows in rowTiles {
      for columns in columnTiles {
        try check()
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, layout == .transposed ? CblasTrans : CblasNoTrans, Int32(rows.count),
          Int32(columns.count), Int32(inner), 1, a + rows.lowerBound * aStride, Int32(aStride),
          b + columns.lowerBound * (layout == .plain ? 1 : bStride), Int32(bStride), accumulating ? 1 : 0,
          c + rows.lowerBound * cStride + columns.lowerBound, Int32(cStride))
      }
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

  /// Equal parts of `count` rows or columns of a product of so many `operations` that each need about `operationsPerStep`, bounded
  /// by whole vectors.
  static func tiles(of count: Int, operations: Int) -> [Range<Int>] {
    guard count > 0 else { return [] }
    let vector = 64
    let parts = min((operations - 1) / operationsPerStep + 1, max(1, count / vector))
    func bound(_ part: Int) -> Int { part == parts ? count : count * part / parts / vector * vector }
    return (0..<parts).map { bound($0)..<bound($0 + 1) }
  }
}

/// Memory for a kernel's intermediate values, aligned to whole vectors.
package func withScratch(count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
  let storage = Storage(uninitializedCount: count)
  body(storage.base)
  withExtendedLifetime(storage) {}
}
