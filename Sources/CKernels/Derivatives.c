#include "CKernels.h"
#include "NormRows.h"

CK_DISPATCH void ck_path_points(
    const float *base, const float *delta, const float *alphas, float *out, size_t points,
    size_t count) {
  for (size_t k = 0; k < points; k++) {
    float alpha = alphas[k], *target = out + k * count;
    CK_ELEMENTWISE
    for (size_t i = 0; i < count; i++) target[i] = base[i] + alpha * delta[i];
  }
}

CK_DISPATCH void ck_multiply_by_tape(
    float *x, const int32_t *tape_rows, const float *factors, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++) {
    const float *factor = factors + ck_row_at(tape_rows, row) * width;
    float *target = x + row * width;
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) target[i] *= factor[i];
  }
}

CK_DISPATCH void ck_gate_tangent(
    const float *x, const int32_t *tape_rows, const float *slopes, float *y, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++) {
    const float *gate = x + row * 2 * width, *up = gate + width;
    const float *by_gate = slopes + ck_row_at(tape_rows, row) * 2 * width, *by_up = by_gate + width;
    float *target = y + row * width;
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) target[i] = by_gate[i] * gate[i] + by_up[i] * up[i];
  }
}

CK_DISPATCH void ck_gate_gradient(
    const float *g, const int32_t *tape_rows, const float *slopes, float *y, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++) {
    const float *source = g + row * width;
    const float *by_gate = slopes + ck_row_at(tape_rows, row) * 2 * width, *by_up = by_gate + width;
    float *gate = y + row * 2 * width, *up = gate + width;
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) {
      gate[i] = by_gate[i] * source[i];
      up[i] = by_up[i] * source[i];
    }
  }
}

CK_DISPATCH void ck_row_dots(
    const float *a, const float *b, const int32_t *b_rows, float *dots, size_t rows, size_t heads,
    size_t head_size) {
  size_t width = heads * head_size;
  for (size_t row = 0; row < rows; row++) {
    float *target = dots + row * heads;
    if (b_rows && b_rows[row] < 0) {
      for (size_t h = 0; h < heads; h++) target[h] = 0;
      continue;
    }
    const float *left = a + row * width, *right = b + ck_row_at(b_rows, row) * width;
    for (size_t h = 0; h < heads; h++) {
      float sum = 0;
      CK_ELEMENTWISE
      for (size_t i = h * head_size; i < (h + 1) * head_size; i++) sum += left[i] * right[i];
      target[h] = sum;
    }
  }
}
