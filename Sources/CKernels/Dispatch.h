#ifndef IPSH_DISPATCH_H
#define IPSH_DISPATCH_H

// One body, compiled for several instruction sets; the loader picks the best the CPU has.
// Needs GNU indirect functions, hence Linux; elsewhere the compiler's default target is used.
#if defined(__x86_64__) && defined(__linux__)
#define CK_DISPATCH \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), min_vector_width(512)))
#else
#define CK_DISPATCH
#endif

// Vectorises although the compiler cannot rule out that buffers are the same one: all loops so
// marked touch equal indices only.
#define CK_ELEMENTWISE _Pragma("clang loop vectorize(assume_safety)")

#define CK_INLINE static inline __attribute__((always_inline))

#endif
