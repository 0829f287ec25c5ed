#ifndef IPSH_ACTIVATION_FUNCTIONS_H
#define IPSH_ACTIVATION_FUNCTIONS_H

#include "CKernels.h"
#include "NormalTail.h"

// gelu(x) = x Phi(x) = max(x, 0) - a Q(a) with a = |x|. Absolute error below 1e-7.
CK_INLINE float ck_gelu(float x) {
  float a = x < 0 ? -x : x;
  a = a > CK_TAIL_END ? CK_TAIL_END : a;
  return (x > 0 ? x : 0.0f) - a * normal_tail(a, exp_of_nonpositive(-0.5f * a * a));
}

// x (1 + tanh u) / 2 = x / (1 + e^(-2u)), u = sqrt(2 / pi) (x + 0.044715 x^3).
CK_INLINE float ck_gelu_tanh(float x) {
  float u = 1.5957691216057308f * (x + 0.044715f * x * x * x);
  float e = exp_of_nonpositive(u < 0 ? u : -u);
  float sigmoid = (u < 0 ? e : 1.0f) / (1.0f + e);
  return x * sigmoid;
}

CK_INLINE float ck_relu(float x) { return x < 0 ? 0.0f : x; }

// x / (1 + e^-x), by the exponential that cannot overflow.
CK_INLINE float ck_silu(float x) {
  float e = exp_of_nonpositive(x < 0 ? x : -x);
  return x * ((x < 0 ? e : 1.0f) / (1.0f + e));
}

// tanh x = sign(x) (1 - e) / (1 + e), e = e^(-2|x|). Absolute error below 2e-7.
CK_INLINE float ck_tanh(float x) {
  float e = exp_of_nonpositive(x < 0 ? 2 * x : -2 * x);
  float magnitude = (1 - e) / (1 + e);
  return x < 0 ? -magnitude : magnitude;
}

// f is a constant where this is inlined.
CK_INLINE float ck_activated(ck_activation f, float x) {
  switch (f) {
  case CK_GELU: return ck_gelu(x);
  case CK_GELU_TANH: return ck_gelu_tanh(x);
  case CK_RELU: return ck_relu(x);
  case CK_SILU: return ck_silu(x);
  case CK_TANH: return ck_tanh(x);
  }
}

// f(x) and f'(x).
typedef struct {
  float value, slope;
} ck_taped;

// gelu'(x) = Phi(x) + x phi(x); Phi(x) = 1 - Q(x) for x > 0, else Q(-x), and the exponential serves Q and phi alike.
CK_INLINE ck_taped ck_gelu_taped(float x) {
  float a = x < 0 ? -x : x;
  a = a > CK_TAIL_END ? CK_TAIL_END : a;
  float e = exp_of_nonpositive(-0.5f * a * a);
  float tail = normal_tail(a, e), bell = 0.3989422804014327f * a * e;
  float slope = x > 0 ? 1.0f - tail + bell : tail - bell;
  return (ck_taped){(x > 0 ? x : 0.0f) - a * tail, x != x ? x : slope};
}

// A bound on what is multiplied by s (1 - s), the slope of a sigmoid, which is 0 there: infinity would give NaN.
CK_INLINE float ck_bounded(float x) { return x > 100.0f ? 100.0f : (x < -100.0f ? -100.0f : x); }

// x s(2u), u = c (x + k x^3): slope s + x s (1 - s) 2c (1 + 3k x^2).
CK_INLINE ck_taped ck_gelu_tanh_taped(float x) {
  float u = 1.5957691216057308f * (x + 0.044715f * x * x * x);
  float e = exp_of_nonpositive(u < 0 ? u : -u);
  float d = 1.0f / (1.0f + e);
  float s = (u < 0 ? e : 1.0f) * d;
  float b = ck_bounded(x);
  float slope = s + b * (e * d * d) * 1.5957691216057308f * (1.0f + 0.134145f * b * b);
  return (ck_taped){x * s, slope};
}

// relu'(0) = 0.
CK_INLINE ck_taped ck_relu_taped(float x) {
  return (ck_taped){x < 0 ? 0.0f : x, x > 0 ? 1.0f : (x != x ? x : 0.0f)};
}

// x s(x): slope s + x s (1 - s).
CK_INLINE ck_taped ck_silu_taped(float x) {
  float e = exp_of_nonpositive(x < 0 ? x : -x);
  float d = 1.0f / (1.0f + e);
  float s = (x < 0 ? e : 1.0f) * d;
  return (ck_taped){x * s, s + ck_bounded(x) * (e * d * d)};
}

// 1 - tanh^2 = 4 e / (1 + e)^2: no cancellation where tanh is nearly 1.
CK_INLINE ck_taped ck_tanh_taped(float x) {
  float e = exp_of_nonpositive(x < 0 ? 2 * x : -2 * x);
  float d = 1.0f / (1.0f + e);
  float magnitude = (1 - e) * d;
  return (ck_taped){x < 0 ? -magnitude : magnitude, 4 * e * d * d};
}

CK_INLINE ck_taped ck_activated_taped(ck_activation f, float x) {
  switch (f) {
  case CK_GELU: return ck_gelu_taped(x);
  case CK_GELU_TANH: return ck_gelu_tanh_taped(x);
  case CK_RELU: return ck_relu_taped(x);
  case CK_SILU: return ck_silu_taped(x);
  case CK_TANH: return ck_tanh_taped(x);
  }
}

// Defines the function NAME(f, ...) of BODY(f, ...), an inline function, by a function for each f, where f is a
// constant: loops without branches. They are functions of their own, not cases of one, in which the registers would not
// suffice for the constants.
#define CK_FOR_ACTIVATIONS(NAME, BODY, PARAMETERS, ARGUMENTS)                                    \
  CK_FOR_ACTIVATION(BODY, CK_GELU, PARAMETERS, ARGUMENTS)                                        \
  CK_FOR_ACTIVATION(BODY, CK_GELU_TANH, PARAMETERS, ARGUMENTS)                                   \
  CK_FOR_ACTIVATION(BODY, CK_RELU, PARAMETERS, ARGUMENTS)                                        \
  CK_FOR_ACTIVATION(BODY, CK_SILU, PARAMETERS, ARGUMENTS)                                        \
  CK_FOR_ACTIVATION(BODY, CK_TANH, PARAMETERS, ARGUMENTS)                                        \
  void NAME(ck_activation f, CK_LIST PARAMETERS) {                                               \
    switch (f) {                                                                                 \
    case CK_GELU: BODY##_CK_GELU ARGUMENTS; break;                                               \
    case CK_GELU_TANH: BODY##_CK_GELU_TANH ARGUMENTS; break;                                     \
    case CK_RELU: BODY##_CK_RELU ARGUMENTS; break;                                               \
    case CK_SILU: BODY##_CK_SILU ARGUMENTS; break;                                               \
    case CK_TANH: BODY##_CK_TANH ARGUMENTS; break;                                               \
    }                                                                                            \
  }
// clang takes the attributes of CK_DISPATCH only for what is declared already.
#define CK_FOR_ACTIVATION(BODY, F, PARAMETERS, ARGUMENTS)                                        \
  static void BODY##_##F PARAMETERS;                                                             \
  static CK_DISPATCH void BODY##_##F PARAMETERS { BODY(F, CK_LIST ARGUMENTS); }
#define CK_LIST(...) __VA_ARGS__

#endif
