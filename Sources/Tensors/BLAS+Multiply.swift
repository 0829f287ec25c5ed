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

  /// Rows of which a few hundred columns stay in a core's second-level cache.
  private static let rowsInCache = usesOwnKernels ? 576 : Int.max

  /// c = a b, or c += a b: a is (rows, inner), c is (rows, columns), rows `stride` apart where
  /// given. `check` runs before each step of some milliseconds.
  package static func multiply(
    _ a: UnsafePointer<Float>, stride: Int? = nil, rows: Int, inner: Int,
    by b: UnsafePointer<Float>, _ layout: MatrixLayout, columns: Int,
    into c: UnsafeMutablePointer<Float>, resultStride: Int? = nil, accumulating: Bool = false,
    check: InterruptionCheck
  ) throws {
    let (aStride, cStride) = (stride ?? inner, resultStride ?? columns)
    for tile in tiles(of: rows, operationsPerRow: 2 * inner * columns) {
      try check()
      let product = ck_product(
        rows: tile.count, inner: inner, columns: columns, a: a + tile.lowerBound * aStride,
        a_stride: aStride, b: b, b_stride: layout == .plain ? columns : inner,
        b_transposed: layout == .transposed, c: c + tile.lowerBound * cStride, c_stride: cStride,
        accumulate: accumulating)
      if usesOwnKernels { product.runOwn() } else { product.runOpenBLAS() }
    }
  }

  /// Equal parts of `rows` that each stay below `operationsPerStep`.
  static func tiles(of rows: Int, operationsPerRow: Int) -> [Range<Int>] {
    guard rows > 0 else { return [] }
    let most = max(1, min(operationsPerStep / max(1, operationsPerRow), rowsInCache))
    let parts = (rows + most - 1) / most
    return (0..<parts).map { rows * $0 / parts..<rows * ($0 + 1) / parts }
  }
}

extension ck_product {
  func runOwn() {
    let panelWork = 2 * rows * inner * 64
    Workers.split(ck_product_panels(columns), minimum: max(1, 1_000_000 / panelWork)) { panels in
      withScratch(count: ck_product_scratch()) { scratch in
        withUnsafePointer(to: self) { ck_product_part($0, panels.lowerBound, panels.upperBound, scratch) }
      }
    }
  }

  func runOpenBLAS() {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, b_transposed ? CblasTrans : CblasNoTrans, Int32(rows), Int32(columns),
      Int32(inner), 1, a, Int32(a_stride), b, Int32(b_stride), accumulate ? 1 : 0, c, Int32(c_stride))
  }
}

/// Memory for a kernel's intermediate values, aligned to whole vectors.
package func withScratch(count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
  let storage = Storage(uninitializedCount: count)
  body(storage.base)
  withExtendedLifetime(storage) {}
}
