#include "CKernels.h"
#include "Dispatch.h"

#include <math.h>

// Mean and variance in two passes over a row that is in the cache: no cancellation.
CK_INLINE void normalize(
    const float *x, const float *gain, const float *shift, float epsilon, float *y, size_t width) {
  float sum = 0;
  CK_ELEMENTWISE
  for (size_t i = 0; i < width; i++) sum += x[i];
  float mean = sum / (float)width;
  float squares = 0;
  CK_ELEMENTWISE
  for (size_t i = 0; i < width; i++) {
    float deviation = x[i] - mean;
    squares += deviation * deviation;
  }
  float scale = 1.0f / sqrtf(squares / (float)width + epsilon);
  CK_ELEMENTWISE
  for (size_t i = 0; i < width; i++) y[i] = (x[i] - mean) * scale * gain[i] + shift[i];
}

CK_DISPATCH void ck_layer_norm(
    const float *x, const float *gain, const float *shift, float epsilon, float *y, size_t rows,
    size_t width) {
  for (size_t row = 0; row < rows; row++) {
    normalize(x + row * width, gain, shift, epsilon, y + row * width, width);
  }
}

CK_DISPATCH void ck_residual_layer_norm(
    const float *x, const float *bias, const float *residual, const float *gain,
    const float *shift, float epsilon, float *raw, float *y, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++) {
    const float *source = x + row * width, *skip = residual + row * width;
    float *sum = raw + row * width;
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) sum[i] = source[i] + bias[i] + skip[i];
    normalize(sum, gain, shift, epsilon, y + row * width, width);
  }
}

CK_DISPATCH void ck_add_position_and_type(
    const float *words, const float *positions, const float *types, const int32_t *type_ids,
    float *sum, size_t rows, size_t length, size_t width) {
  for (size_t row = 0; row < rows; row++) {
    const float *word = words + row * width, *position = positions + row % length * width;
    const float *type = types + (size_t)type_ids[row] * width;
    float *target = sum + row * width;
    CK_ELEMENTWISE
    for (size_t i = 0; i < width; i++) target[i] = word[i] + position[i] + type[i];
  }
}
