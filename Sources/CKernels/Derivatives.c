#include "CKernels.h"
#include "NormalTail.h"

#include <math.h>

CK_DISPATCH void ck_path_points(
    const float *base, const float *delta, const float *alphas, float *out, size_t points,
    size_t count) {
  for (size_t k = 0; k < points; k++) {
    float alpha = alphas[k], *target = out + k * count;
    CK_ELEMENTWISE
    for (size_t i = 0; i < count; i++) target[i] = base[i] + alpha * delta[i];
  }
}

CK_DISPATCH void ck_layer_norm_taped(
    const float *x, const float *bias, const float *residual, const float *gain,
    const float *shift, float epsilon, float *normalized, float *scale, float *y, size_t rows,
    size_t width) {
  for (size_t row = 0; row < rows; row++) {
    const float *source = x + row * width;
    float *target = normalized + row * width, *output = y + row * width;
    float sum = 0;
    if (bias && residual) {
      const float *skip = residual + row * width;
      CK_ELEMENTWISE
      for (size_t i = 0; i < width; i++) {
        float value = source[i] + bias[i] + skip[i];
        target[i] = value;
        sum += value;
      }
    } else {
      CK_ELEMENTWISE
      for (size_t i = 0; i < width; i++) {
        target[i] = source[i];
        sum += source[i];
      }
    }
    float mean = sum / (float)width, squares = 0;
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) {
      float deviation = target[i] - mean;
      squares += deviation * deviation;
    }
    float factor = 1.0f / sqrtf(squares / (float)width + epsilon);
    scale[row] = factor;
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) {
      float value = (target[i] - mean) * factor;
      target[i] = value;
      output[i] = value * gain[i] + shift[i];
    }
  }
}

CK_INLINE size_t tape_row(const int32_t *rows, size_t row) { return rows ? (size_t)rows[row] : row; }

CK_DISPATCH void ck_layer_norm_tangent(
    const float *x, const float *residual, const int32_t *residual_rows,
    const int32_t *tape_rows, const float *normalized, const float *scale, const float *gain,
    float *y, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++) {
    size_t place = tape_row(tape_rows, row);
    const float *source = x + row * width, *unit = normalized + place * width;
    float *target = y + row * width;
    float sum = 0, product = 0;
    if (residual && !(residual_rows && residual_rows[row] < 0)) {
      const float *skip = residual + tape_row(residual_rows, row) * width;
      CK_ELEMENTWISE
      for (size_t i = 0; i < width; i++) {
        float value = source[i] + skip[i];
        target[i] = value;
        sum += value;
        product += value * unit[i];
      }
    } else {
      CK_ELEMENTWISE
      for (size_t i = 0; i < width; i++) {
        float value = source[i];
        target[i] = value;
        sum += value;
        product += value * unit[i];
      }
    }
    float mean = sum / (float)width, slope = product / (float)width, factor = scale[place];
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) {
      target[i] = gain[i] * factor * (target[i] - mean - unit[i] * slope);
    }
  }
}

CK_DISPATCH void ck_layer_norm_gradient(
    const float *x, const float *residual, const int32_t *tape_rows, const float *normalized,
    const float *scale, const float *gain, float *y, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++) {
    size_t place = tape_row(tape_rows, row);
    const float *source = x + row * width, *unit = normalized + place * width;
    float *target = y + row * width;
    float sum = 0, product = 0;
    if (residual) {
      const float *skip = residual + row * width;
      CK_ELEMENTWISE
      for (size_t i = 0; i < width; i++) {
        float value = (source[i] + skip[i]) * gain[i];
        target[i] = value;
        sum += value;
        product += value * unit[i];
      }
    } else {
      CK_ELEMENTWISE
      for (size_t i = 0; i < width; i++) {
        float value = source[i] * gain[i];
        target[i] = value;
        sum += value;
        product += value * unit[i];
      }
    }
    float mean = sum / (float)width, slope = product / (float)width, factor = scale[place];
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) target[i] = factor * (target[i] - mean - unit[i] * slope);
  }
}

typedef struct {
  float value, slope;
} taped;

// As gelu in Activations.c, with gelu'(x) = Phi(x) + x phi(x); Phi(x) = 1 - Q(x) for x > 0, else
// Q(-x), and the exponential serves Q and phi alike.
CK_INLINE taped gelu(float x) {
  float a = x < 0 ? -x : x;
  a = a > CK_TAIL_END ? CK_TAIL_END : a;
  float e = exp_of_nonpositive(-0.5f * a * a);
  float tail = normal_tail(a, e), bell = 0.3989422804014327f * a * e;
  float slope = x > 0 ? 1.0f - tail + bell : tail - bell;
  return (taped){(x > 0 ? x : 0.0f) - a * tail, x != x ? x : slope};
}

// x s(2u), u = c (x + k x^3): slope s + x s (1 - s) 2c (1 + 3k x^2). For large |x| the product
// s (1 - s) is 0, and x^2 stays finite by the limit.
CK_INLINE taped gelu_tanh(float x) {
  float u = 1.5957691216057308f * (x + 0.044715f * x * x * x);
  float e = exp_of_nonpositive(u < 0 ? u : -u);
  float d = 1.0f / (1.0f + e);
  float s = (u < 0 ? e : 1.0f) * d;
  float b = x > 100.0f ? 100.0f : (x < -100.0f ? -100.0f : x);
  float slope = s + b * (e * d * d) * 1.5957691216057308f * (1.0f + 0.134145f * b * b);
  return (taped){x * s, slope};
}

CK_INLINE taped relu(float x) { return (taped){x < 0 ? 0.0f : x, x > 0 ? 1.0f : (x != x ? x : 0.0f)}; }

#define CK_BIAS_ACTIVATION_TAPED(NAME, FUNCTION)                                                 \
  CK_DISPATCH void NAME(                                                                         \
      const float *x, const float *bias, float *post, float *derivative, size_t rows,            \
      size_t width) {                                                                            \
    for (size_t row = 0; row < rows; row++) {                                                    \
      const float *source = x + row * width;                                                     \
      float *after = post + row * width, *slopes = derivative + row * width;                     \
      CK_ELEMENTWISE                                                                             \
      for (size_t i = 0; i < width; i++) {                                                       \
        taped result = FUNCTION(source[i] + bias[i]);                                            \
        after[i] = result.value;                                                                 \
        slopes[i] = result.slope;                                                                \
      }                                                                                          \
    }                                                                                            \
  }

CK_BIAS_ACTIVATION_TAPED(ck_bias_gelu_taped, gelu)
CK_BIAS_ACTIVATION_TAPED(ck_bias_gelu_tanh_taped, gelu_tanh)
CK_BIAS_ACTIVATION_TAPED(ck_bias_relu_taped, relu)

CK_DISPATCH void ck_multiply_by_tape(
    float *x, const int32_t *tape_rows, const float *factors, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++) {
    const float *factor = factors + tape_row(tape_rows, row) * width;
    float *target = x + row * width;
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) target[i] *= factor[i];
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
    const float *left = a + row * width, *right = b + tape_row(b_rows, row) * width;
    for (size_t h = 0; h < heads; h++) {
      float sum = 0;
      CK_ELEMENTWISE
      for (size_t i = h * head_size; i < (h + 1) * head_size; i++) sum += left[i] * right[i];
      target[h] = sum;
    }
  }
}
