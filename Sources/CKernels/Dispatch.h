#ifndef IPSH_DISPATCH_H
#define IPSH_DISPATCH_H

// One body, compiled for several instruction sets; the loader picks the best the CPU has.
// Needs GNU indirect functions, hence Linux; elsewhere the compiler's default target is used.
#if defined(__x86_64__) && defined(__linux__)
#if __clang_major__ >= 18
#define CK_INSTRUCTION_SETS "arch=x86-64-v4", "arch=x86-64-v3", "default"
#else
// The clang of Swift 6.0 fails at the levels; each feature brings those that it builds on: the whole of AVX-512 F
// and FMA, and AVX.
#define CK_INSTRUCTION_SETS "avx512bw", "fma", "default"
#endif
#define CK_DISPATCH __attribute__((target_clones(CK_INSTRUCTION_SETS), min_vector_width(512)))
#else
#define CK_DISPATCH
#endif

// Vectorises although the compiler cannot rule out that buffers are the same one: all loops so
// marked touch equal indices only.
#define CK_ELEMENTWISE _Pragma("clang loop vectorize(assume_safety)")

#define CK_INLINE static inline __attribute__((always_inline))

#endif
