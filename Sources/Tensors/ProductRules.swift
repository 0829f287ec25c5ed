/// Which calls of the library's kernels give a row of a product the same bits whatever the other rows are; found by comparing
/// calls of OpenBLAS 0.3.21; those of 0.3.29 agree.
struct ProductRules {
  /// Rows are computed in so many at a time: the same for each group, not always for each row of one.
  let group: Int
  /// So many of the first and of the last columns of a call are added up in another order for some rows of a group than for
  /// others, unless there are at most 15. The columns of such a call are whole 16s and at most 320.
  let margin: Int
  /// Whether there are other kernels for small matrices.
  let hasSmallKernels: Bool

  static let inUse = ProductRules(coreName: BLAS.coreName)

  init(coreName: String) {
    (group, margin, hasSmallKernels) =
      switch coreName {
      case "Haswell", "Zen": (12, 8, false)
      case "SkylakeX", "Cooperlake", "SapphireRapids": (4, 0, true)
      case "Sandybridge": (4, 0, false)
      default: (24, 0, true)
      }
  }

  /// Rows of a call at least, so that no kernel for small matrices takes it: these take at most 100^3 multiplications and, where b
  /// is transposed, at most 1200 results.
  func leastRows(inner: Int, columns: Int, layout: MatrixLayout) -> Int {
    guard hasSmallKernels else { return 1 }
    let large = 1_000_000 / max(1, columns * inner) + 1
    return max(2, layout == .transposed ? min(large, 1200 / columns + 1) : large)
  }

  func whole(_ rows: Int) -> Int { (rows + group - 1) / group * group }
}
