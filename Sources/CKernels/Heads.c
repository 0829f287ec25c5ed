#include "CKernels.h"
#include "NormRows.h"

// Half of the rotary components of a head are few: wide vectors, several at a time, would leave most of them to the
// loop over what remains.
#define CK_SHORT_ELEMENTWISE _Pragma("clang loop vectorize(assume_safety) vectorize_width(8) interleave_count(1)")

CK_INLINE void rotate(float *low, float *high, const float *cosine, const float *sine, bool inverse, size_t half) {
  CK_SHORT_ELEMENTWISE
  for (size_t i = 0; i < half; i++) {
    float x = low[i], y = high[i], s = inverse ? -sine[i] : sine[i];
    low[i] = x * cosine[i] - y * s;
    high[i] = y * cosine[i] + x * s;
  }
}

CK_DISPATCH void ck_rotate(
    float *x, size_t stride, size_t rows, size_t heads, size_t head_size, size_t rotary,
    const int32_t *positions, const int32_t *tape_rows, const float *cosines, const float *sines,
    bool inverse) {
  size_t half = rotary / 2;
  for (size_t row = 0; row < rows; row++) {
    size_t place = (size_t)positions[ck_row_at(tape_rows, row)] * half;
    for (size_t head = 0; head < heads; head++) {
      float *low = x + row * stride + head * head_size;
      if (inverse) {
        rotate(low, low + half, cosines + place, sines + place, true, half);
      } else {
        rotate(low, low + half, cosines + place, sines + place, false, half);
      }
    }
  }
}

CK_INLINE void head_norm(
    ck_norm norm, bool centred, float *x, size_t stride, size_t rows, size_t heads, size_t size) {
  for (size_t row = 0; row < rows; row++) {
    for (size_t head = 0; head < heads; head++) {
      float *values = x + row * stride + head * size;
      ck_norm_row(norm, centred, values, values, size);
    }
  }
}

CK_DISPATCH void ck_head_norm(
    const ck_norm *norm, float *x, size_t stride, size_t rows, size_t heads, size_t head_size) {
  if (norm->centred) {
    head_norm(*norm, true, x, stride, rows, heads, head_size);
  } else {
    head_norm(*norm, false, x, stride, rows, heads, head_size);
  }
}

CK_INLINE void head_norm_taped(
    ck_norm norm, bool centred, float *x, size_t stride, float *normalized, float *scale, size_t rows,
    size_t heads, size_t size) {
  for (size_t row = 0; row < rows; row++) {
    for (size_t head = 0; head < heads; head++) {
      float *values = x + row * stride + head * size;
      size_t place = row * heads + head;
      float *target = normalized + place * size;
      CK_ELEMENTWISE
      for (size_t i = 0; i < size; i++) target[i] = values[i];
      float mean = centred ? ck_row_mean(target, size) : 0;
      scale[place] = ck_norm_row_taped(norm, mean, target, values, size);
    }
  }
}

CK_DISPATCH void ck_head_norm_taped(
    const ck_norm *norm, float *x, size_t stride, float *normalized, float *scale, size_t rows,
    size_t heads, size_t head_size) {
  if (norm->centred) {
    head_norm_taped(*norm, true, x, stride, normalized, scale, rows, heads, head_size);
  } else {
    head_norm_taped(*norm, false, x, stride, normalized, scale, rows, heads, head_size);
  }
}

CK_INLINE void head_norm_derivative(
    ck_norm norm, bool centred, bool transposed, float *x, size_t stride, const int32_t *tape_rows,
    const float *normalized, const float *scale, size_t rows, size_t heads, size_t size) {
  for (size_t row = 0; row < rows; row++) {
    for (size_t head = 0; head < heads; head++) {
      float *values = x + row * stride + head * size;
      size_t place = ck_row_at(tape_rows, row) * heads + head;
      const float *unit = normalized + place * size;
      if (transposed) {
        ck_norm_row_gradient(norm, centred, values, values, false, NULL, unit, scale[place], values, size);
      } else {
        ck_norm_row_tangent(norm, centred, values, NULL, unit, scale[place], values, size);
      }
    }
  }
}

CK_DISPATCH void ck_head_norm_tangent(
    const ck_norm *norm, float *x, size_t stride, const int32_t *tape_rows, const float *normalized,
    const float *scale, size_t rows, size_t heads, size_t head_size) {
  if (norm->centred) {
    head_norm_derivative(*norm, true, false, x, stride, tape_rows, normalized, scale, rows, heads, head_size);
  } else {
    head_norm_derivative(*norm, false, false, x, stride, tape_rows, normalized, scale, rows, heads, head_size);
  }
}

CK_DISPATCH void ck_head_norm_gradient(
    const ck_norm *norm, float *x, size_t stride, const int32_t *tape_rows, const float *normalized,
    const float *scale, size_t rows, size_t heads, size_t head_size) {
  if (norm->centred) {
    head_norm_derivative(*norm, true, true, x, stride, tape_rows, normalized, scale, rows, heads, head_size);
  } else {
    head_norm_derivative(*norm, false, true, x, stride, tape_rows, normalized, scale, rows, heads, head_size);
  }
}
