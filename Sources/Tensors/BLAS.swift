import COpenBLAS

/// The OpenBLAS library, which does every matrix product.
public enum BLAS {
  /// The kernels in use, as the library names them: `Haswell`, `SkylakeX`, ...
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
