import COpenBLAS
import Faults
import Synchronization

/// The OpenBLAS library, which does every matrix product.
public enum BLAS {
  /// The kernels in use, as the library names them: `Haswell`, `SkylakeX`, ...
  ///
  /// Results may differ in the last bits between kernels, so record it with them.
  public static var coreName: String { openblas_get_corename().map { String(cString: $0) } ?? "unknown" }

  /// Threads of matrix products and of ``Workers``; at least 1, at first as many as the library would take.
  public static var threads: Int {
    get { threadCount.load(ordering: .relaxed) }
    set { threadCount.store(max(1, newValue), ordering: .relaxed) }
  }

  /// ``Workers`` divide the products; the library itself computes each part on the thread that asks for it.
  private static let threadCount: Atomic<Int> = {
    defer { openblas_set_num_threads(1) }
    return Atomic(max(1, Int(openblas_get_num_threads())))
  }()

  /// Sets ``threads``.
  ///
  /// - Throws: `HeldMemoryFault` where a limit of address space leaves too little for so many: the library would wait for
  ///   ever.
  public static func use(threads count: Int) throws {
    let (buffer, stack) = (bufferSize, 8 << 20)
    if count > threads { try ProcessMemory.require((count - threads) * (buffer + stack), of: .addressSpace) }
    threads = count
  }

  /// Address space that the library takes for each thread that multiplies, in bytes; less on some processors.
  public static let bufferSize = 129 << 20

  /// Multiplies two numbers, for which the library takes the calling thread's buffer.
  public static func takeBuffer() {
    var (a, b, c): (Float, Float, Float) = (1, 1, 0)
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 1, 1, 1, 1, &a, 1, &b, 1, 0, &c, 1)
  }

  /// Name and version of the library, e.g. `OpenBLAS 0.3.21`.
  public static func version() -> String {
    guard let configuration = openblas_get_config() else { return "OpenBLAS" }
    return String(cString: configuration).split(separator: " ").prefix(2).joined(separator: " ")
  }
}
