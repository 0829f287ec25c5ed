import CRevision
import Language
import Tensors

/// What `ipsh --version` says: what results depend on besides the script, the model and the seed.
///
///     ipsh 0.1.0 (commit 1f0c2d9a7b3e)
///     OpenBLAS 0.3.21, kernel Haswell, 2 threads
enum Version {
  static var text: String {
    """
    ipsh \(Release.version) (commit \(String(cString: ipsh_commit())))
    \(BLAS.version()), kernel \(KernelSelection.inUse), \(threads)
    """
  }

  private static var threads: String { BLAS.threads == 1 ? "1 thread" : "\(BLAS.threads) threads" }
}
