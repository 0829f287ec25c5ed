#include "CKernels.h"
#include "NormRows.h"

CK_INLINE void norm_rows(
    ck_norm norm, bool centred, const float *x, float *y, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++) {
    ck_norm_row(norm, centred, x + row * width, y + row * width, width);
  }
}

CK_DISPATCH void ck_norm_rows(const ck_norm *norm, const float *x, float *y, size_t rows, size_t width) {
  if (norm->centred) {
    norm_rows(*norm, true, x, y, rows, width);
  } else {
    norm_rows(*norm, false, x, y, rows, width);
  }
}

// target = x (+ bias) (+ skip).
CK_INLINE void add_row(
    const float *x, const float *bias, bool biased, const float *skip, bool skipped, float *target,
    size_t width) {
  CK_ELEMENTWISE
  for (size_t i = 0; i < width; i++) {
    float value = x[i];
    if (biased) value += bias[i];
    if (skipped) value += skip[i];
    target[i] = value;
  }
}

CK_INLINE void residual_norm(
    ck_norm norm, bool centred, const float *x, const float *bias, const float *residual, float *raw,
    float *y, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++) {
    const float *source = x + row * width, *skip = residual + row * width;
    float *sum = raw + row * width;
    if (bias) {
      add_row(source, bias, true, skip, true, sum, width);
    } else {
      add_row(source, source, false, skip, true, sum, width);
    }
    ck_norm_row(norm, centred, sum, y + row * width, width);
  }
}

CK_DISPATCH void ck_residual_norm(
    const ck_norm *norm, const float *x, const float *bias, const float *residual, float *raw, float *y,
    size_t rows, size_t width) {
  if (norm->centred) {
    residual_norm(*norm, true, x, bias, residual, raw, y, rows, width);
  } else {
    residual_norm(*norm, false, x, bias, residual, raw, y, rows, width);
  }
}

CK_DISPATCH void ck_residual_add(
    const float *x, const float *bias, const float *residual, float *y, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++) {
    const float *source = x + row * width, *skip = residual ? residual + row * width : source;
    float *target = y + row * width;
    if (bias && residual) {
      add_row(source, bias, true, skip, true, target, width);
    } else if (residual) {
      add_row(source, source, false, skip, true, target, width);
    } else if (bias) {
      add_row(source, bias, true, source, false, target, width);
    } else if (target != source) {
      add_row(source, source, false, source, false, target, width);
    }
  }
}

CK_DISPATCH void ck_add_embeddings(
    const float *words, float scale, const float *positions, const int32_t *position_ids,
    const float *types, const int32_t *type_ids, float *sum, size_t rows, size_t width) {
#pragma clang fp reassociate(off) contract(fast)
  for (size_t row = 0; row < rows; row++) {
    const float *word = words + row * width;
    const float *position = positions ? positions + (size_t)position_ids[row] * width : NULL;
    const float *type = types ? types + (size_t)type_ids[row] * width : NULL;
    float *target = sum + row * width;
    if (position && type) {
      CK_ELEMENTWISE
      for (size_t i = 0; i < width; i++) target[i] = scale * word[i] + position[i] + type[i];
    } else if (position || type) {
      const float *other = position ? position : type;
      CK_ELEMENTWISE
      for (size_t i = 0; i < width; i++) target[i] = scale * word[i] + other[i];
    } else {
      CK_ELEMENTWISE
      for (size_t i = 0; i < width; i++) target[i] = scale * word[i];
    }
  }
}
