#ifndef IPSH_ACTIVATIONS_H
#define IPSH_ACTIVATIONS_H

#include <stddef.h>
#include <stdint.h>

// Biases and activation functions, alone or as a gate, with their derivatives; tapes as in Norms.h. Buffers overlap
// only where that is said.

#pragma clang assume_nonnull begin

// MARK: Bias

// y = x + bias. x is (rows, width), its rows `stride` apart. In place when y is x.
void ck_add_bias(
    const float *x, size_t stride, const float *bias, float *y, size_t rows, size_t width);

// MARK: Activations

typedef enum {
  CK_GELU,       // x Phi(x)
  CK_GELU_TANH,  // x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2
  CK_RELU,       // max(x, 0), of slope 0 at 0
  CK_SILU,       // x / (1 + e^-x)
  CK_TANH,
} ck_activation;

// post = f(x + bias), pre = x + bias unless null; x is (rows, width). pre or post may be x.
void ck_bias_activate(
    ck_activation f, const float *x, const float *bias, float *_Nullable pre, float *post, size_t rows,
    size_t width);

// post = f(x + bias), slopes = f'(x + bias). post may be x.
void ck_bias_activate_taped(
    ck_activation f, const float *x, const float *bias, float *post, float *slopes, size_t rows,
    size_t width);

// x = x factors, by rows of the tape.
void ck_multiply_by_tape(
    float *x, const int32_t *_Nullable tape_rows, const float *factors, size_t rows, size_t width);

// MARK: Gates

// x is (rows, 2 width): gates g, then values u; bias (2 width) = (bg, bu). post (rows, width) = f(g + bg) (u + bu),
// gate = g + bg and up = u + bu, both (rows, width), unless null.
void ck_bias_gate(
    ck_activation f, const float *x, const float *bias, float *_Nullable gate, float *_Nullable up,
    float *post, size_t rows, size_t width);

// The same post, and slopes (rows, 2 width): f'(g + bg) (u + bu), then f(g + bg). slopes may be x.
void ck_bias_gate_taped(
    ck_activation f, const float *x, const float *bias, float *post, float *slopes, size_t rows,
    size_t width);

// y (rows, width) = first half of slopes times that of x (rows, 2 width), plus the same of the second halves; slopes by
// rows of the tape.
void ck_gate_tangent(
    const float *x, const int32_t *_Nullable tape_rows, const float *slopes, float *y, size_t rows,
    size_t width);

// The transpose: y (rows, 2 width) = slopes times g (rows, width) in either half.
void ck_gate_gradient(
    const float *g, const int32_t *_Nullable tape_rows, const float *slopes, float *y, size_t rows,
    size_t width);

#pragma clang assume_nonnull end

#endif
