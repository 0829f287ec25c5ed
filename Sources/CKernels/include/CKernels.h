#ifndef IPSH_KERNELS_H
#define IPSH_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "Derivatives.h"

// Kernels on Float32. Sizes count elements, matrices are row-major and dense unless a stride is
// given, NaN propagates. Buffers overlap only where "in place" is said.

#pragma clang assume_nonnull begin

// MARK: Processor

// Whether the CPU and the operating system offer AVX-512 F, BW, DQ, VL and CD.
bool ck_has_avx512_server_set(void);

// MARK: Threads

// Adds 1 to a counter shared by threads and returns what it was.
static inline long ck_next(long *counter) {
  return __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

// MARK: Conversions

// IEEE half, bfloat16 and double to float. Halves and bfloat16 convert exactly (a signalling NaN
// may become quiet); doubles round to nearest.
void ck_f16_to_f32(const uint16_t *source, float *target, size_t count);
void ck_bf16_to_f32(const uint16_t *source, float *target, size_t count);
void ck_f64_to_f32(const double *source, float *target, size_t count);

// target[i * step] = source[i * stride]
void ck_scatter(const float *source, size_t stride, float *target, size_t step, size_t count);

// MARK: Bias and activation

// y = x + bias. x is (rows, width), its rows `stride` apart. In place when y is x.
void ck_add_bias(
    const float *x, size_t stride, const float *bias, float *y, size_t rows, size_t width);

// post = f(x + bias), pre = x + bias unless null; x is (rows, width). pre or post may be x.
void ck_bias_gelu(
    const float *x, const float *bias, float *_Nullable pre, float *post, size_t rows,
    size_t width);
void ck_bias_gelu_tanh(
    const float *x, const float *bias, float *_Nullable pre, float *post, size_t rows,
    size_t width);
void ck_bias_relu(
    const float *x, const float *bias, float *_Nullable pre, float *post, size_t rows,
    size_t width);

// x = tanh(x + bias).
void ck_bias_tanh_in_place(float *x, const float *bias, size_t rows, size_t width);

// MARK: Layer normalisation

// y = (x - mean) / sqrt(variance + epsilon) * gain + shift for each row, with the biased variance.
// In place when y is x.
void ck_layer_norm(
    const float *x, const float *gain, const float *shift, float epsilon, float *y, size_t rows,
    size_t width);

// raw = x + bias + residual, y = layer norm of raw. raw may be x or y; y may be residual.
void ck_residual_layer_norm(
    const float *x, const float *bias, const float *residual, const float *gain,
    const float *shift, float epsilon, float *raw, float *y, size_t rows, size_t width);

// sum = words + position + type. words and sum (the same, if wished) are (rows, width); row r has
// position r mod length and type type_ids[r].
void ck_add_position_and_type(
    const float *words, const float *positions, const float *types, const int32_t *type_ids,
    float *sum, size_t rows, size_t length, size_t width);

// MARK: Attention

// One head of one row of the batch. query and context are (queries, head_size), key and value
// (keys, head_size), rows the given strides apart; the biases are (head_size). mask is (keys), true
// for a key that takes part. scores and pattern, if wanted, are (queries, keys).
typedef struct {
  size_t queries, keys, head_size;
  const float *query, *key, *value;
  size_t query_stride, key_stride;
  const float *query_bias, *key_bias, *value_bias;
  const bool *mask;
  float scale;
  float *_Nullable scores;
  float *_Nullable pattern;
  float *context;
  size_t context_stride;
} ck_attention_head;

// scores = (query + bias)(key + bias)' scale, -infinity for excluded keys; pattern = softmax of
// each row, exactly 0 for excluded keys; context = pattern (value + bias).
void ck_attention(const ck_attention_head *head, float *scratch);

// Number of floats ck_attention needs as scratch memory.
size_t ck_attention_scratch(size_t queries, size_t keys, size_t head_size);

#pragma clang assume_nonnull end

#endif
