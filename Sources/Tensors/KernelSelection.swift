import CKernels

/// Which kernels OpenBLAS should use on this processor.
///
/// OpenBLAS 0.3.21 takes AVX2 kernels on AVX-512 processors it does not know; its `SkylakeX`
/// kernels run BERT's products about 1.85 times as fast there. The variable is read while the library
/// is loaded, so it has to be in the environment before the process starts.
public enum KernelSelection {
  public static let variable = "OPENBLAS_CORETYPE"

  /// The kernels that compute, of OpenBLAS and our own: `Haswell`, `SkylakeX+avx512`, ...
  public static var inUse: String { BLAS.coreName + (hasAVX512 ? "+avx512" : "") }

  /// Whether the element-wise kernels use 512-bit vectors, as the processor has them.
  public static var hasAVX512: Bool { ck_has_avx512_server_set() }

  /// The value of ``variable`` to restart this process with, or nil to leave things as they are:
  /// one is set already, or the processor lacks AVX-512 F, BW, DQ, VL or CD.
  public static func coreTypeToSelect(environment: [String: String]) -> String? {
    guard environment[variable] == nil, hasAVX512 else { return nil }
    return "SkylakeX"
  }
}
