#include "ActivationFunctions.h"
#include "CKernels.h"

CK_INLINE void bias_activate(
    ck_activation f, const float *x, const float *bias, float *pre, float *post, size_t rows,
    size_t width) {
  for (size_t row = 0; row < rows; row++) {
    const float *source = x + row * width;
    float *after = post + row * width;
    if (pre) {
      float *before = pre + row * width;
      CK_ELEMENTWISE
      for (size_t i = 0; i < width; i++) {
        float sum = source[i] + bias[i];
        before[i] = sum;
        after[i] = ck_activated(f, sum);
      }
    } else {
      CK_ELEMENTWISE
      for (size_t i = 0; i < width; i++) after[i] = ck_activated(f, source[i] + bias[i]);
    }
  }
}

CK_FOR_ACTIVATIONS(
    ck_bias_activate, bias_activate,
    (const float *x, const float *bias, float *pre, float *post, size_t rows, size_t width),
    (x, bias, pre, post, rows, width))

CK_INLINE void bias_activate_taped(
    ck_activation f, const float *x, const float *bias, float *post, float *slopes, size_t rows,
    size_t width) {
  for (size_t row = 0; row < rows; row++) {
    const float *source = x + row * width;
    float *after = post + row * width, *factors = slopes + row * width;
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) {
      ck_taped result = ck_activated_taped(f, source[i] + bias[i]);
      after[i] = result.value;
      factors[i] = result.slope;
    }
  }
}

CK_FOR_ACTIVATIONS(
    ck_bias_activate_taped, bias_activate_taped,
    (const float *x, const float *bias, float *post, float *slopes, size_t rows, size_t width),
    (x, bias, post, slopes, rows, width))

CK_INLINE void add_bias(const float *x, const float *bias, float *y, size_t width) {
  CK_ELEMENTWISE
  for (size_t i = 0; i < width; i++) y[i] = x[i] + bias[i];
}

CK_DISPATCH void ck_add_bias(
    const float *x, size_t stride, const float *bias, float *y, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++) add_bias(x + row * stride, bias, y + row * width, width);
}

CK_INLINE void bias_gate(
    ck_activation f, const float *x, const float *bias, float *gate, float *up, float *post, size_t rows,
    size_t width) {
  const float *up_bias = bias + width;
  for (size_t row = 0; row < rows; row++) {
    const float *g = x + row * 2 * width, *u = g + width;
    float *after = post + row * width;
    if (gate) add_bias(g, bias, gate + row * width, width);
    if (up) add_bias(u, up_bias, up + row * width, width);
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) after[i] = ck_activated(f, g[i] + bias[i]) * (u[i] + up_bias[i]);
  }
}

CK_FOR_ACTIVATIONS(
    ck_bias_gate, bias_gate,
    (const float *x, const float *bias, float *gate, float *up, float *post, size_t rows,
     size_t width),
    (x, bias, gate, up, post, rows, width))

CK_INLINE void bias_gate_taped(
    ck_activation f, const float *x, const float *bias, float *post, float *slopes, size_t rows,
    size_t width) {
  const float *up_bias = bias + width;
  for (size_t row = 0; row < rows; row++) {
    const float *g = x + row * 2 * width, *u = g + width;
    float *after = post + row * width, *by_gate = slopes + row * 2 * width, *by_up = by_gate + width;
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) {
      ck_taped result = ck_activated_taped(f, g[i] + bias[i]);
      float factor = u[i] + up_bias[i];
      after[i] = result.value * factor;
      by_gate[i] = result.slope * factor;
      by_up[i] = result.value;
    }
  }
}

CK_FOR_ACTIVATIONS(
    ck_bias_gate_taped, bias_gate_taped,
    (const float *x, const float *bias, float *post, float *slopes, size_t rows, size_t width),
    (x, bias, post, slopes, rows, width))
