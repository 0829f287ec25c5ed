#include "CKernels.h"
#include "NormalTail.h"

// gelu(x) = x Phi(x) = max(x, 0) - a Q(a) with a = |x|. Absolute error below 1e-7.
CK_INLINE float gelu(float x) {
  float a = x < 0 ? -x : x;
  a = a > CK_TAIL_END ? CK_TAIL_END : a;
  return (x > 0 ? x : 0.0f) - a * normal_tail(a, exp_of_nonpositive(-0.5f * a * a));
}

// x (1 + tanh u) / 2 = x / (1 + e^(-2u)), u = sqrt(2 / pi) (x + 0.044715 x^3).
CK_INLINE float gelu_tanh(float x) {
  float u = 1.5957691216057308f * (x + 0.044715f * x * x * x);
  float e = exp_of_nonpositive(u < 0 ? u : -u);
  float sigmoid = (u < 0 ? e : 1.0f) / (1.0f + e);
  return x * sigmoid;
}

CK_INLINE float relu(float x) { return x < 0 ? 0.0f : x; }

#define CK_BIAS_ACTIVATION(NAME, FUNCTION)                                                       \
  CK_DISPATCH void NAME(                                                                         \
      const float *x, const float *bias, float *pre, float *post, size_t rows, size_t width) {   \
    for (size_t row = 0; row < rows; row++) {                                                    \
      const float *source = x + row * width;                                                     \
      float *after = post + row * width;                                                         \
      if (pre) {                                                                                 \
        float *before = pre + row * width;                                                       \
        CK_ELEMENTWISE                                                                           \
        for (size_t i = 0; i < width; i++) {                                                     \
          float sum = source[i] + bias[i];                                                       \
          before[i] = sum;                                                                       \
          after[i] = FUNCTION(sum);                                                              \
        }                                                                                        \
      } else {                                                                                   \
        CK_ELEMENTWISE                                                                           \
        for (size_t i = 0; i < width; i++) after[i] = FUNCTION(source[i] + bias[i]);             \
      }                                                                                          \
    }                                                                                            \
  }

CK_BIAS_ACTIVATION(ck_bias_gelu, gelu)
CK_BIAS_ACTIVATION(ck_bias_gelu_tanh, gelu_tanh)
CK_BIAS_ACTIVATION(ck_bias_relu, relu)

// tanh x = sign(x) (1 - e) / (1 + e), e = e^(-2|x|). Absolute error below 2e-7.
CK_DISPATCH void ck_bias_tanh_in_place(
    float *x, const float *bias, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++) {
    float *values = x + row * width;
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) {
      float sum = values[i] + bias[i];
      float e = exp_of_nonpositive(sum < 0 ? 2 * sum : -2 * sum);
      float magnitude = (1 - e) / (1 + e);
      values[i] = sum < 0 ? -magnitude : magnitude;
    }
  }
}

CK_DISPATCH void ck_add_bias(
    const float *x, size_t stride, const float *bias, float *y, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++) {
    const float *source = x + row * stride;
    float *target = y + row * width;
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) target[i] = source[i] + bias[i];
  }
}
