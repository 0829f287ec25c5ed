#ifndef IPSH_KERNELS_H
#define IPSH_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "Activations.h"
#include "Derivatives.h"
#include "Heads.h"
#include "Norms.h"

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

// MARK: Embeddings

// sum = scale words + positions[position_ids] + types[type_ids]; words and sum (the same, if wished) are (rows, width).
// A table that is null adds nothing, and its ids are not read.
void ck_add_embeddings(
    const float *words, float scale, const float *_Nullable positions, const int32_t *position_ids,
    const float *_Nullable types, const int32_t *type_ids, float *sum, size_t rows, size_t width);

// MARK: Attention

// One head of one row of the batch. query and context are (queries, head_size), key and value
// (keys, head_size), rows the given strides apart; the biases are (head_size). mask is (keys), true
// for a key that takes part. scores and pattern, if wanted, are (queries, keys).
//
// ranges (queries, 2) names the first key that a query may read and the one after the last, 0 to keys; null for all.
// Where cap > 0, scores are capped, and slopes (queries, keys), if wanted, are the derivatives of the capped scores by
// those before, of all keys, excluded or not.
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
  const int32_t *_Nullable ranges;
  float cap;
  float *_Nullable slopes;
} ck_attention_head;

// scores = (query + bias)(key + bias)' scale, with a cap c: c tanh(score / c), slopes 1 - tanh^2; -infinity for keys
// that the mask excludes, but not for those outside ranges. pattern = softmax of each row over the keys that the query
// may read, exactly 0 for the others, and for all of them when it may read none; context = pattern (value + bias).
void ck_attention(const ck_attention_head *head, float *scratch);

// Number of floats ck_attention needs as scratch memory.
size_t ck_attention_scratch(size_t queries, size_t keys, size_t head_size);

// MARK: One row

// y[j] = <x, j-th row of weights>, where weights are (rows, width): as fast as they can be read.
void ck_row_product(const float *x, const float *weights, float *y, size_t rows, size_t width);

// One head of one query over all of some keys; query and context are (head_size), key and value (keys, head_size), rows
// `stride` apart. Nothing is added on the way. cap as in ck_attention_head.
typedef struct {
  size_t keys, head_size;
  const float *query, *key, *value;
  size_t stride;
  float scale, cap;
  float *context;
} ck_attention_query;

// context = softmax(scores) values, as ck_attention; scores (keys) are overwritten.
void ck_attention_one(const ck_attention_query *query, float *scores);

// What becomes of a key: it is read, its probability is 0 while the others keep theirs, or it is not there.
enum { ck_key_read, ck_key_zeroed, ck_key_masked };

// The same of a query some of whose keys are cut, `states` says which; biases (head_size) are added on the way.
typedef struct {
  size_t keys, head_size;
  const float *query, *key, *value;
  size_t stride;
  const float *query_bias, *key_bias, *value_bias;
  float scale, cap;
  const uint8_t *states;
  float *context;
} ck_cut_query;

// weights (keys) are the probabilities; all are 0 where every key is masked.
void ck_attention_cut(const ck_cut_query *query, float *weights);

#pragma clang assume_nonnull end

#endif
