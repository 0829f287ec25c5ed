#include "CKernels.h"
#include "Exponential.h"

// gelu(x) = x Phi(x) = max(x, 0) - a Q(a) with a = |x|, Q(a) = erfc(a / sqrt 2) / 2, and
// Q(a) = exp(-a^2 / 2) t p(t), t = 1 / (1 + 0.35 a): p is a minimax polynomial fitted for
// 0 <= a <= 14 to a relative error of 3.2e-8. Absolute error of gelu below 1e-7.
CK_INLINE float gelu(float x) {
  float a = x < 0 ? -x : x;
  a = a > 13.2f ? 13.2f : a;  // where the tail is 0; keeps infinity from becoming NaN
  float t = 1.0f / (1.0f + 0.35f * a);
  float p = -0.029145911163583338f;
  p = p * t + 0.1439716052375969f;
  p = p * t - 0.2557140646841314f;
  p = p * t + 0.15917394670178892f;
  p = p * t - 0.023109691418131018f;
  p = p * t + 0.10550794544200601f;
  p = p * t + 0.11983288165711375f;
  p = p * t + 0.139861867890687f;
  p = p * t + 0.13962140438998671f;
  float tail = a * t * p * exp_of_nonpositive(-0.5f * a * a);
  return (x > 0 ? x : 0.0f) - tail;
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
