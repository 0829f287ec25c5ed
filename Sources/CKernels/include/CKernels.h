#ifndef IPSH_KERNELS_H
#define IPSH_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Element-wise kernels. Sizes are numbers of elements, matrices are row-major, NaN propagates.

#pragma clang assume_nonnull begin

// IEEE half, bfloat16 and double to float. `source` and `target` do not overlap. Halves and
// bfloat16 convert exactly (a signalling NaN may become quiet); doubles round to nearest.
void ck_f16_to_f32(const uint16_t *source, float *target, size_t count);
void ck_bf16_to_f32(const uint16_t *source, float *target, size_t count);
void ck_f64_to_f32(const double *source, float *target, size_t count);

#pragma clang assume_nonnull end

#endif
