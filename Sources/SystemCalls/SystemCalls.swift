/// The platform's C library under one name: POSIX calls, and what of `libm` the language takes as C has it.
#if canImport(Glibc)
  @_exported import Glibc
#elseif canImport(Musl)
  @_exported import Musl
#else
  @_exported import Darwin
#endif
