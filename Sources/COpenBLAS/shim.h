#ifndef IPSH_OPENBLAS_SHIM_H
#define IPSH_OPENBLAS_SHIM_H
#include <cblas.h>
// The library's own, which its header leaves out: the buffer of a thread that multiplies, kept for the next one.
void *blas_memory_alloc(int position);
void blas_memory_free(void *buffer);

#endif
