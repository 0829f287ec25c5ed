#ifndef IPSH_SCORE_CAP_H
#define IPSH_SCORE_CAP_H

#include "ActivationFunctions.h"

// cap tanh(factor product), and the derivative of that by factor product cap, as ck_tanh_taped. Rounded as written, so
// that scores do not depend on whether slopes are asked for.
CK_INLINE ck_taped capped(float product, float factor, float cap) {
#pragma float_control(precise, on)
  float x = product * factor;
  float e = exp_of_nonpositive(x < 0 ? 2 * x : -2 * x);
  float d = 1.0f / (1.0f + e);
  float magnitude = cap * ((1.0f - e) * d);
  return (ck_taped){x < 0 ? -magnitude : magnitude, 4.0f * e * d * d};
}

#endif
