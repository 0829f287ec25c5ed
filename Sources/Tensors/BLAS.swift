import COpenBLAS
import Faults

/// Matrix products by OpenBLAS.
public enum BLAS {
  /// The kernels OpenBLAS chose when it was loaded, e.g. `SkylakeX`.
  ///
  /// Results may differ in the last bits between kernels, so record it with them.
  public static var coreName: String { openblas_get_corename().map { String(cString: $0) } ?? "unknown" }

  /// Threads of matrix products and of ``Workers``; at least 1.
  public static var threads: Int {
    get { Int(openblas_get_num_threads()) }
    set { openblas_set_num_threads(Int32(clamping: max(1, newValue))) }
  }

  /// Name and version of the library, e.g. `OpenBLAS 0.3.21`.
  public static func version() -> String {
    guard let configuration = openblas_get_config() else { return "OpenBLAS" }
    return String(cString: configuration).split(separator: " ").prefix(2).joined(separator: " ")
  }
}

/// How the second operand of a product is stored.
package enum MatrixLayout: Sendable {
  /// (inner, columns)
  case plain
  /// (columns, inner), as the weights of a linear layer are.
  case transposed
}

extension BLAS {
  /// Floating-point operations of one library call; a call cannot be interrupted, and this many
  /// take 10 to 40 ms.
  private static let operationsPerCall = 4_000_000_000

  /// c = a b, or c += a b: a is (rows, inner), c is (rows, columns), rows `stride` apart where
  /// given. `check` runs before each library call.
  package static func multiply(
    _ a: UnsafePointer<Float>, stride: Int? = nil, rows: Int, inner: Int,
    by b: UnsafePointer<Float>, _ layout: MatrixLayout, columns: Int,
    into c: UnsafeMutablePointer<Float>, resultStride: Int? = nil, accumulating: Bool = false,
    check: InterruptionCheck
  ) throws {
    let (aStride, cStride) = (stride ?? inner, resultStride ?? columns)
    for tile in tiles(of: rows, operationsPerRow: 2 * inner * columns) {
      try check()
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, layout == .plain ? CblasNoTrans : CblasTrans,
        Int32(tile.count), Int32(columns), Int32(inner), 1, a + tile.lowerBound * aStride, Int32(aStride),
        b, Int32(layout == .plain ? columns : inner), accumulating ? 1 : 0,
        c + tile.lowerBound * cStride, Int32(cStride))
    }
  }

  /// Equal parts of `rows` that each stay below `operationsPerCall`.
  static func tiles(of rows: Int, operationsPerRow: Int) -> [Range<Int>] {
    guard rows > 0 else { return [] }
    let most = max(1, operationsPerCall / max(1, operationsPerRow))
    let parts = (rows + most - 1) / most
    return (0..<parts).map { rows * $0 / parts..<rows * ($0 + 1) / parts }
  }
}
