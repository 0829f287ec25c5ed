#include "CKernels.h"
#include "Dispatch.h"

#include <string.h>

CK_INLINE float float_from_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

CK_INLINE uint32_t bits_of_float(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

// Shifted into place, exponent and mantissa of a half are those of value * 2^-112: one exact
// multiplication serves normal and subnormal numbers alike.
CK_DISPATCH void ck_f16_to_f32(const uint16_t *source, float *target, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint32_t half = source[i];
    uint32_t shifted = (half & 0x7fffu) << 13;
    uint32_t finite = bits_of_float(float_from_bits(shifted) * 0x1p112f);
    uint32_t magnitude = (half & 0x7c00u) == 0x7c00u ? shifted | 0x7f800000u : finite;
    target[i] = float_from_bits(magnitude | (half & 0x8000u) << 16);
  }
}

CK_DISPATCH void ck_bf16_to_f32(const uint16_t *source, float *target, size_t count) {
  for (size_t i = 0; i < count; i++) target[i] = float_from_bits((uint32_t)source[i] << 16);
}

CK_DISPATCH void ck_f64_to_f32(const double *source, float *target, size_t count) {
  for (size_t i = 0; i < count; i++) target[i] = (float)source[i];
}

void ck_scatter(const float *source, size_t stride, float *target, size_t step, size_t count) {
  if (step == 1) {
    for (size_t i = 0; i < count; i++) target[i] = source[i * stride];
  } else {
    for (size_t i = 0; i < count; i++) target[i * step] = source[i * stride];
  }
}
