#ifndef IPSH_NORMS_H
#define IPSH_NORMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Layer norm and RMS norm, with their derivatives. Rows are dense, (rows, width).
//
// Where a kernel is "taped", it also stores what its derivatives need; a "tangent" kernel applies the Jacobian, a
// "gradient" kernel its transpose. `tape_rows`, where given, names for each row the row of the tape that it belongs to;
// null means the same row. Buffers overlap only where that is said.

#pragma clang assume_nonnull begin

// normalized gain + shift, where normalized is
//   centred (layer norm): (x - mean) scale, scale = 1 / sqrt(variance + epsilon), with the biased variance;
//   else (RMS norm): x scale, scale = 1 / sqrt(mean of x^2 + epsilon).
typedef struct {
  const float *gain;             // (width)
  const float *_Nullable shift;  // (width); null for none
  float epsilon;
  bool centred;
} ck_norm;

// MARK: Values

// y = norm(x). In place when y is x.
void ck_norm_rows(const ck_norm *norm, const float *x, float *y, size_t rows, size_t width);

// raw = x + bias + residual, y = norm(raw). raw may be x, y or residual; y may be x or, unless raw is, residual.
void ck_residual_norm(
    const ck_norm *norm, const float *x, const float *_Nullable bias, const float *residual, float *raw,
    float *y, size_t rows, size_t width);

// y = x + bias + residual, each optional but x. y may be x or residual.
void ck_residual_add(
    const float *x, const float *_Nullable bias, const float *_Nullable residual, float *y, size_t rows,
    size_t width);

// MARK: Derivatives

// sum = x + bias + residual, each optional but x; raw = sum unless null; normalized (rows, width) and scale (rows) are
// kept; y = normalized gain + shift. y may be x or residual; so may raw, though not the same as y.
void ck_norm_taped(
    const ck_norm *norm, const float *x, const float *_Nullable bias, const float *_Nullable residual,
    float *_Nullable raw, float *normalized, float *scale, float *y, size_t rows, size_t width);

// v = x + residual, y = J v = gain scale (v - mean(v) - normalized mean(normalized v)), without mean(v) when not
// centred. residual_rows names the row of the residual, -1 for none; null means the same row. A residual that is null
// adds nothing. y may be x.
void ck_norm_tangent(
    const ck_norm *norm, const float *x, const float *_Nullable residual,
    const int32_t *_Nullable residual_rows, const int32_t *_Nullable tape_rows, const float *normalized,
    const float *scale, float *y, size_t rows, size_t width);

// g = (x + residual) gain, y = scale (g - mean(g) - normalized mean(normalized g)) + added, without mean(g) when not
// centred. A residual or an addend that is null adds nothing. y may be x, residual or added.
void ck_norm_gradient(
    const ck_norm *norm, const float *x, const float *_Nullable residual, const float *_Nullable added,
    const int32_t *_Nullable tape_rows, const float *normalized, const float *scale, float *y, size_t rows,
    size_t width);

// y = x + residual, its rows named as for ck_norm_tangent. y may be x.
void ck_add_rows(
    const float *x, const float *residual, const int32_t *_Nullable residual_rows, float *y, size_t rows,
    size_t width);

#pragma clang assume_nonnull end

#endif
