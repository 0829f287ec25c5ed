import CKernels
import COpenBLAS

/// Matrix products: by own kernels on processors with AVX-512, by OpenBLAS elsewhere.
///
/// OpenBLAS 0.3.21 takes AVX2 kernels on AVX-512 processors it does not know, and its AVX-512 kernels can be
/// had only by an environment variable set before the start. The own kernels are as fast as those at BERT's
/// shapes (see `scripts/bench`), and give the same bits for any number of threads.
public enum BLAS {
  static let usesOwnKernels = ck_has_avx512_server_set()

  /// The kernels in use: `AVX512` for the own ones, else the name that OpenBLAS gives its choice.
  ///
  /// Results may differ in the last bits between kernels, so record it with them.
  public static var coreName: String {
    if usesOwnKernels { return "AVX512" }
    return openblas_get_corename().map { String(cString: $0) } ?? "unknown"
  }

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
