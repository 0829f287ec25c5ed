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
  private static let threadCount = Atomic(libraryThreads)

  /// As many as the library has when it is loaded, the calling one among them; the others wait from then on, with a buffer each.
  private static let libraryThreads: Int = {
    defer { openblas_set_num_threads(1) }
    return max(1, Int(openblas_get_num_threads()))
  }()

  /// Threads that need a buffer and a stack where so many multiply.
  public static func buffers(threads count: Int) -> Int { count + libraryThreads - 1 }

  /// Sets ``threads``.
  ///
  /// - Throws: `HeldMemoryFault` where a limit of address space leaves too little for so many: the library would wait for
  ///   ever.
  public static func use(threads count: Int) throws {
    let (buffer, stack) = (bufferSize, 8 << 20)
    if count > threads {
      try ProcessMemory.require((count - threads) * (buffer + stack), of: .addressSpace)
      takeBuffers(threads: count)
    }
    threads = count
  }

  /// Address space that the library takes for each thread that multiplies, in bytes; less on some processors.
  public static let bufferSize = 129 << 20

  /// Has the library take the buffers of so many threads where address space is limited, before values fill it: it would wait for
  /// ever for one that there is no room for.
  public static func takeBuffers(threads count: Int) {
    guard ProcessMemory.addressSpace != nil else { return }
    for buffer in (0..<count).map({ _ in blas_memory_alloc(0) }) { blas_memory_free(buffer) }
  }

  /// Name and version of the library, e.g. `OpenBLAS 0.3.21`.
  public static func version() -> String {
    guard let configuration = openblas_get_config() else { return "OpenBLAS" }
    return String(cString: configuration).split(separator: " ").prefix(2).joined(separator: " ")
  }
}
