#ifndef IPSH_NORMAL_TAIL_H
#define IPSH_NORMAL_TAIL_H

#include "Exponential.h"

// Beyond it the tail is 0 in single precision; a bound that keeps infinity from becoming NaN.
#define CK_TAIL_END 13.2f

// Q(a) = erfc(a / sqrt 2) / 2 of the normal distribution for 0 <= a <= CK_TAIL_END, given e = exp(-a^2 / 2):
// Q(a) = e t p(t), t = 1 / (1 + 0.35 a), where p is a minimax polynomial fitted for 0 <= a <= 14 to a relative
// error of 3.2e-8.
CK_INLINE float normal_tail(float a, float e) {
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
  return t * p * e;
}

#endif
