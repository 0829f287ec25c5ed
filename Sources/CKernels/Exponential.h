#ifndef IPSH_EXPONENTIAL_H
#define IPSH_EXPONENTIAL_H

#include "Dispatch.h"

#include <stdint.h>
#include <string.h>

// e^x for x <= 0: relative error below 2e-7; 0 below -87 (e^-87 = 1.6e-38); NaN for NaN.
// x = n ln 2 + r with |r| <= ln(2)/2, e^r by its Taylor series to r^7 (remainder 5e-9).
CK_INLINE float exp_of_nonpositive(float x) {
// ln 2 is subtracted in two parts; reassociation would merge them and lose the low one.
#pragma clang fp reassociate(off) contract(fast)
  float finite = x > -87.0f ? x : 0.0f;  // also for NaN, which has no integer part
  int32_t n = (int32_t)(finite * 1.44269504f - 0.5f);
  float r = x - (float)n * 0.693359375f + (float)n * 2.12194440e-4f;
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  uint32_t bits = (uint32_t)(n + 127) << 23;
  float scale;
  memcpy(&scale, &bits, sizeof scale);
  return x <= -87.0f ? 0.0f : p * scale;
}

#endif
