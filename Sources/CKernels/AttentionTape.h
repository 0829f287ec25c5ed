#ifndef IPSH_ATTENTION_TAPE_H
#define IPSH_ATTENTION_TAPE_H

#include "CKernels.h"
#include "SmallProduct.h"

CK_INLINE size_t larger(size_t a, size_t b) { return a > b ? a : b; }

// The parts of the scratch memory: `matrix` holds tokens by head size, `square` tokens by tokens.
typedef struct {
  float *matrix[6];
  float *square[3];
} parts;

CK_INLINE parts divide(const ck_attention_tape *tape, size_t sources, float *scratch) {
  size_t tokens = larger(larger(tape->queries, tape->keys), sources);
  size_t side = ck_padded(tokens), depth = ck_padded(tape->head_size);
  parts result;
  for (size_t i = 0; i < 6; i++) result.matrix[i] = scratch + i * side * depth;
  for (size_t i = 0; i < 3; i++) result.square[i] = scratch + 6 * side * depth + i * side * side;
  return result;
}

// S = P (G - <P, G>) scale for each row, where G (rows `stride` apart) becomes S, dense in `out`.
CK_INLINE void softmax_gradient(
    const float *pattern, const float *g, size_t stride, float scale, float *out, size_t queries,
    size_t keys) {
  for (size_t i = 0; i < queries; i++) {
    const float *p = pattern + i * keys, *row = g + i * stride;
    float *target = out + i * keys;
    float mean = 0;
    for (size_t j = 0; j < keys; j++) mean += p[j] * row[j];
    CK_ELEMENTWISE
    for (size_t j = 0; j < keys; j++) target[j] = p[j] * (row[j] - mean) * scale;
  }
}

// Row `query` of the slopes of a head's scores; null for 1.
CK_INLINE const float *slope_row(const ck_attention_tape *tape, size_t head, size_t query) {
  return tape->slopes ? tape->slopes + (head * tape->queries + query) * tape->keys : NULL;
}

// Changes of scores to those after the cap, or gradients the other way: rows `stride` apart times a head's slopes.
CK_INLINE void multiply_by_slopes(const ck_attention_tape *tape, size_t head, float *x, size_t stride) {
  if (!tape->slopes) return;
  for (size_t i = 0; i < tape->queries; i++) {
    const float *slopes = slope_row(tape, head, i);
    float *row = x + i * stride;
    CK_ELEMENTWISE
    for (size_t j = 0; j < tape->keys; j++) row[j] *= slopes[j];
  }
}

// Query heads that read the same key/value head.
CK_INLINE size_t group_size(const ck_attention_tape *tape) { return tape->heads / tape->key_heads; }

#endif
