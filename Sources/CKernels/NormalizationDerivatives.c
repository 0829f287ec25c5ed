#include "CKernels.h"
#include "NormRows.h"

#include <string.h>

// target = x (+ bias) (+ skip), and the mean of the row; the mean of a norm that is not centred is not computed.
CK_INLINE float sum_row(
    const float *x, const float *bias, bool biased, const float *skip, bool skipped, float *target,
    size_t width) {
  float sum = 0;
  CK_ELEMENTWISE
  for (size_t i = 0; i < width; i++) {
    float value = x[i];
    if (biased) value += bias[i];
    if (skipped) value += skip[i];
    target[i] = value;
    sum += value;
  }
  return sum / (float)width;
}

CK_INLINE float sum_row_of_either(
    const float *x, const float *bias, const float *skip, float *target, size_t width) {
  if (bias && skip) return sum_row(x, bias, true, skip, true, target, width);
  if (skip) return sum_row(x, x, false, skip, true, target, width);
  if (bias) return sum_row(x, bias, true, x, false, target, width);
  return sum_row(x, x, false, x, false, target, width);
}

CK_INLINE void norm_taped(
    ck_norm norm, bool centred, const float *x, const float *bias, const float *residual, float *raw,
    float *normalized, float *scale, float *y, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++) {
    const float *skip = residual ? residual + row * width : NULL;
    float *target = normalized + row * width;
    float mean = sum_row_of_either(x + row * width, bias, skip, target, width);
    if (raw) memcpy(raw + row * width, target, width * sizeof(float));
    scale[row] = ck_norm_row_taped(norm, centred ? mean : 0, target, y + row * width, width);
  }
}

CK_DISPATCH void ck_norm_taped(
    const ck_norm *norm, const float *x, const float *bias, const float *residual, float *raw,
    float *normalized, float *scale, float *y, size_t rows, size_t width) {
  if (norm->centred) {
    norm_taped(*norm, true, x, bias, residual, raw, normalized, scale, y, rows, width);
  } else {
    norm_taped(*norm, false, x, bias, residual, raw, normalized, scale, y, rows, width);
  }
}

// The row of the residual that is added to a row; null for none.
CK_INLINE const float *residual_row(
    const float *residual, const int32_t *residual_rows, size_t row, size_t width) {
  if (!residual || (residual_rows && residual_rows[row] < 0)) return NULL;
  return residual + ck_row_at(residual_rows, row) * width;
}

CK_INLINE void norm_tangent(
    ck_norm norm, bool centred, const float *x, const float *residual, const int32_t *residual_rows,
    const int32_t *tape_rows, const float *normalized, const float *scale, float *y, size_t rows,
    size_t width) {
  for (size_t row = 0; row < rows; row++) {
    size_t place = ck_row_at(tape_rows, row);
    const float *skip = residual_row(residual, residual_rows, row, width);
    ck_norm_row_tangent(norm, centred, x + row * width, skip, normalized + place * width, scale[place],
                        y + row * width, width);
  }
}

CK_DISPATCH void ck_norm_tangent(
    const ck_norm *norm, const float *x, const float *residual, const int32_t *residual_rows,
    const int32_t *tape_rows, const float *normalized, const float *scale, float *y, size_t rows,
    size_t width) {
  if (norm->centred) {
    norm_tangent(*norm, true, x, residual, residual_rows, tape_rows, normalized, scale, y, rows, width);
  } else {
    norm_tangent(*norm, false, x, residual, residual_rows, tape_rows, normalized, scale, y, rows, width);
  }
}

CK_INLINE void norm_gradient(
    ck_norm norm, bool centred, const float *x, const float *residual, const float *added,
    const int32_t *tape_rows, const float *normalized, const float *scale, float *y, size_t rows,
    size_t width) {
  for (size_t row = 0; row < rows; row++) {
    size_t place = ck_row_at(tape_rows, row), start = row * width;
    const float *skip = residual ? residual + start : NULL, *unit = normalized + place * width;
    const float *own = added ? added + start : NULL;
    if (skip) {
      ck_norm_row_gradient(norm, centred, x + start, skip, true, own, unit, scale[place], y + start, width);
    } else {
      ck_norm_row_gradient(norm, centred, x + start, x, false, own, unit, scale[place], y + start, width);
    }
  }
}

CK_DISPATCH void ck_norm_gradient(
    const ck_norm *norm, const float *x, const float *residual, const float *added, const int32_t *tape_rows,
    const float *normalized, const float *scale, float *y, size_t rows, size_t width) {
  if (norm->centred) {
    norm_gradient(*norm, true, x, residual, added, tape_rows, normalized, scale, y, rows, width);
  } else {
    norm_gradient(*norm, false, x, residual, added, tape_rows, normalized, scale, y, rows, width);
  }
}

CK_DISPATCH void ck_add_rows(
    const float *x, const float *residual, const int32_t *residual_rows, float *y, size_t rows,
    size_t width) {
  for (size_t row = 0; row < rows; row++) {
    const float *source = x + row * width, *skip = residual_row(residual, residual_rows, row, width);
    float *target = y + row * width;
    if (skip) {
      CK_ELEMENTWISE
      for (size_t i = 0; i < width; i++) target[i] = source[i] + skip[i];
    } else if (target != source) {
      CK_ELEMENTWISE
      for (size_t i = 0; i < width; i++) target[i] = source[i];
    }
  }
}
