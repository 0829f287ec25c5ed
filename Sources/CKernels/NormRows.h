#ifndef IPSH_NORM_ROWS_H
#define IPSH_NORM_ROWS_H

#include "CKernels.h"
#include "Dispatch.h"

#include <math.h>

// Norms of one row. The flags are constants where these are inlined, so that each kernel has a loop without branches
// for either kind of norm. Mean and variance take two passes over a row that is in the cache: no cancellation.

CK_INLINE size_t ck_row_at(const int32_t *rows, size_t row) { return rows ? (size_t)rows[row] : row; }

CK_INLINE float ck_row_mean(const float *x, size_t width) {
  float sum = 0;
  CK_ELEMENTWISE
  for (size_t i = 0; i < width; i++) sum += x[i];
  return sum / (float)width;
}

// Mean square around `mean`, plus epsilon.
CK_INLINE float ck_row_square(const float *x, float mean, float epsilon, size_t width) {
  float squares = 0;
  CK_ELEMENTWISE
  for (size_t i = 0; i < width; i++) {
    float deviation = x[i] - mean;
    squares += deviation * deviation;
  }
  return squares / (float)width + epsilon;
}

// By the square root itself: left free, the compiler may take the processor's estimate of an inverse root, which
// differs between processors and gives NaN for infinity.
CK_INLINE float ck_inverse_root(float x) {
#pragma float_control(precise, on)
  return 1.0f / sqrtf(x);
}

// y may be x. The order of the factors is fixed, or it would depend on what this is inlined into.
CK_INLINE void ck_scale_row(
    const float *x, float mean, float scale, const float *gain, const float *shift, float *y, size_t width) {
#pragma clang fp reassociate(off) contract(fast)
  if (shift) {
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) y[i] = (x[i] - mean) * gain[i] * scale + shift[i];
  } else {
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) y[i] = (x[i] - mean) * gain[i] * scale;
  }
}

CK_INLINE void ck_norm_row(ck_norm norm, bool centred, const float *x, float *y, size_t width) {
  float mean = centred ? ck_row_mean(x, width) : 0;
  float scale = ck_inverse_root(ck_row_square(x, mean, norm.epsilon, width));
  ck_scale_row(x, mean, scale, norm.gain, norm.shift, y, width);
}

// From sums in `normalized`, whose mean is known, to what they are normalized; returns the scale.
CK_INLINE float ck_norm_row_taped(ck_norm norm, float mean, float *normalized, float *y, size_t width) {
  const float *gain = norm.gain, *shift = norm.shift;
  float scale = 1.0f / sqrtf(ck_row_square(normalized, mean, norm.epsilon, width));
  if (shift) {
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) {
      float value = (normalized[i] - mean) * scale;
      normalized[i] = value;
      y[i] = value * gain[i] + shift[i];
    }
  } else {
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) {
      float value = (normalized[i] - mean) * scale;
      normalized[i] = value;
      y[i] = value * gain[i];
    }
  }
  return scale;
}

// Sums over a row: of its values, which a norm that is not centred leaves out, and of their products with what is
// normalized.
typedef struct {
  float values, products;
} ck_row_sums;

// target = x (+ skip) (times gain), if stored.
CK_INLINE ck_row_sums ck_sum_row(
    const float *x, const float *skip, bool skipped, const float *gain, bool weighted,
    const float *normalized, float *target, bool stored, size_t width) {
  float sum = 0, product = 0;
  CK_ELEMENTWISE
  for (size_t i = 0; i < width; i++) {
    float value = x[i];
    if (skipped) value += skip[i];
    if (weighted) value *= gain[i];
    if (stored) target[i] = value;
    sum += value;
    product += value * normalized[i];
  }
  return (ck_row_sums){sum, product};
}

// y = J (x + skip): gain scale (v - mean(v) - normalized mean(normalized v)), without mean(v) when not centred. skip
// may be null; y may be x.
CK_INLINE void ck_norm_row_tangent(
    ck_norm norm, bool centred, const float *x, const float *skip, const float *normalized, float scale,
    float *y, size_t width) {
  const float *gain = norm.gain;
  ck_row_sums sums = skip ? ck_sum_row(x, skip, true, gain, false, normalized, y, true, width)
                          : ck_sum_row(x, x, false, gain, false, normalized, y, true, width);
  float sum = centred ? sums.values : 0, product = sums.products, share = 1.0f / (float)width;
  {
#pragma clang fp reassociate(off) contract(fast)
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) {
      y[i] = gain[i] * scale * (y[i] - (normalized[i] * product + sum) * share);
    }
  }
}

// y = J' (x + skip) + added: scale (g - mean(g) - normalized mean(normalized g)) with g = (x + skip) gain, without
// mean(g) when not centred. skip and added may be null; y may be any of them: with `added`, nothing is stored before
// everything is read.
CK_INLINE void ck_norm_row_gradient(
    ck_norm norm, bool centred, const float *x, const float *skip, bool skipped, const float *added,
    const float *normalized, float scale, float *y, size_t width) {
  const float *gain = norm.gain;
  ck_row_sums sums = added ? ck_sum_row(x, skip, skipped, gain, true, normalized, y, false, width)
                           : ck_sum_row(x, skip, skipped, gain, true, normalized, y, true, width);
  float sum = centred ? sums.values : 0, product = sums.products, share = 1.0f / (float)width;
  if (added) {
#pragma clang fp reassociate(off) contract(fast)
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) {
      float g = (skipped ? x[i] + skip[i] : x[i]) * gain[i];
      y[i] = scale * (g - (normalized[i] * product + sum) * share) + added[i];
    }
  } else {
#pragma clang fp reassociate(off) contract(fast)
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) {
      y[i] = scale * (y[i] - (normalized[i] * product + sum) * share);
    }
  }
}

#endif
