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
  /// c = a b, or c += a b: a is (rows, inner), c is (rows, columns), rows `stride` apart where
  /// given, as those of b `factorStride`. `check` runs before each step of some milliseconds.
  ///
  /// A row of c is the same bits whatever other rows there are, and on however many threads: see ``ProductGrid``.
  ///
  /// - Parameter isAlone: for a single row that is never computed among others, which takes as long as reading b then; its bits are
  ///   others.
  package static func multiply(
    _ a: UnsafePointer<Float>, stride: Int? = nil, rows: Int, inner: Int,
    by b: UnsafePointer<Float>, _ layout: MatrixLayout, factorStride: Int? = nil, columns: Int,
    into c: UnsafeMutablePointer<Float>, resultStride: Int? = nil, accumulating: Bool = false,
    isAlone: Bool = false, check: InterruptionCheck
  ) throws {
    guard rows > 0, columns > 0 else { return }
    if isAlone, rows == 1, layout == .transposed, !accumulating, factorStride ?? inner == inner {
      try check()
      return multiplyRow(a, inner: inner, by: b, columns: columns, into: c)
    }
    let product = Product(
      a: Matrix(a, stride: stride ?? inner), b: b, layout: layout,
      factorStride: factorStride ?? (layout == .plain ? columns : inner), c: c,
      resultStride: resultStride ?? columns,
      inner: inner, isAccumulating: accumulating)
    let grid = ProductGrid(rows: rows, inner: inner, columns: columns, layout: layout, threads: threads)
    for step in grid.steps {
      try check()
      // Most products are one step.
      let staged = grid.staged.map { product.staged($0, padded: grid.padded($0)) }
      Workers.split(step.count, minimum: 1) { parts in
        for part in parts { product.multiply(grid[step.lowerBound + part], staged: staged) }
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
}

/// Memory for a kernel's intermediate values, aligned to whole vectors.
package func withScratch(count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
  let storage = Storage(uninitializedCount: count)
  body(storage.base)
  withExtendedLifetime(storage) {}
}
