#ifndef IPSH_ATTENTION_OPERANDS_H
#define IPSH_ATTENTION_OPERANDS_H

#include "CKernels.h"
#include "Dispatch.h"

typedef float lanes __attribute__((vector_size(64)));
typedef float lanes_at __attribute__((vector_size(64), aligned(4), may_alias));

enum { LANES = 16, ROW_BLOCK = 32 };

CK_INLINE size_t padded(size_t count) { return (count + LANES - 1) / LANES * LANES; }

CK_INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

// The sum of a row, lane by lane, so that zeros behind it change no bit: so many are behind the keys of a sentence as the longest
// of its batch has more.
CK_INLINE float sum_of_lanes(const float *row, size_t count) {
  size_t whole = count / LANES * LANES;
  lanes sums = {0};
  for (size_t j = 0; j < whole; j += LANES) sums += *(const lanes_at *)(row + j);
  for (size_t j = whole; j < count; j++) sums[j - whole] += row[j];
  float total = 0;
  for (size_t l = 0; l < LANES; l++) total += sums[l];
  return total;
}

// c[r][0 ..< 16 V] = a[r][0 ..< depth] b, R rows at a time in registers. Rows past the last are
// read from the last and not stored. Eight independent sums hide the latency of the additions.
#define CK_TILE(NAME, R, V)                                                                      \
  CK_INLINE void NAME(                                                                           \
      const float *a, size_t a_stride, const float *b, size_t b_stride, float *c,                \
      size_t c_stride, size_t rows, size_t depth) {                                              \
    for (size_t first = 0; first < rows; first += R) {                                           \
      const float *row[R];                                                                       \
      lanes sum[R][V];                                                                           \
      for (size_t r = 0; r < R; r++) {                                                           \
        row[r] = a + smaller(first + r, rows - 1) * a_stride;                                    \
        for (size_t v = 0; v < V; v++) sum[r][v] = (lanes){0};                                   \
      }                                                                                          \
      for (size_t k = 0; k < depth; k++) {                                                       \
        lanes column[V];                                                                         \
        for (size_t v = 0; v < V; v++) {                                                         \
          column[v] = *(const lanes_at *)(b + k * b_stride + v * LANES);                         \
        }                                                                                        \
        for (size_t r = 0; r < R; r++) {                                                         \
          for (size_t v = 0; v < V; v++) sum[r][v] += row[r][k] * column[v];                     \
        }                                                                                        \
      }                                                                                          \
      for (size_t r = 0; r < R && first + r < rows; r++) {                                       \
        for (size_t v = 0; v < V; v++) {                                                         \
          *(lanes_at *)(c + (first + r) * c_stride + v * LANES) = sum[r][v];                     \
        }                                                                                        \
      }                                                                                          \
    }                                                                                            \
  }

CK_TILE(multiply_one_column, 8, 1)
CK_TILE(multiply_two_columns, 4, 2)

// c = a b; b and c are padded to whole vectors of columns.
CK_INLINE void multiply(
    const float *a, size_t a_stride, const float *b, size_t b_stride, float *c, size_t c_stride,
    size_t rows, size_t depth, size_t columns) {
  size_t j = 0;
  for (; j + LANES < columns; j += 2 * LANES) {
    multiply_two_columns(a, a_stride, b + j, b_stride, c + j, c_stride, rows, depth);
  }
  if (j < columns) multiply_one_column(a, a_stride, b + j, b_stride, c + j, c_stride, rows, depth);
}

// Where one head's operands lie in the scratch memory. Columns are padded to whole vectors.
typedef struct {
  size_t key_stride, depth;
  float *keys;      // (head size, key stride), transposed, with bias
  float *values;    // (keys, depth), with bias
  float *excluded;  // (key stride): 0 for a key that takes part
  float *scores;    // (block, key stride)
  float *context;   // (block, depth)
  float *queries;   // (queries, head size), with bias
} operands;

CK_INLINE operands lay_out(const ck_attention_head *head, float *scratch) {
  operands o = {.key_stride = padded(head->keys), .depth = padded(head->head_size)};
  o.keys = scratch;
  o.values = o.keys + head->head_size * o.key_stride;
  o.excluded = o.values + head->keys * o.depth;
  o.scores = o.excluded + o.key_stride;
  o.context = o.scores + ROW_BLOCK * o.key_stride;
  o.queries = o.context + ROW_BLOCK * o.depth;
  return o;
}

CK_INLINE void pack_queries(const ck_attention_head *head, operands o) {
  size_t size = head->head_size;
  for (size_t i = 0; i < head->queries; i++) {
    const float *query = head->query + i * head->query_stride;
    for (size_t c = 0; c < size; c++) o.queries[i * size + c] = query[c] + head->query_bias[c];
  }
}

CK_INLINE void pack_keys(const ck_attention_head *head, operands o) {
  size_t size = head->head_size;
  for (size_t j = 0; j < head->keys; j++) {
    const float *key = head->key + j * head->key_stride;
    for (size_t c = 0; c < size; c++) o.keys[c * o.key_stride + j] = key[c] + head->key_bias[c];
    o.excluded[j] = head->mask[j] ? 0 : 1;
  }
  for (size_t j = head->keys; j < o.key_stride; j++) {
    for (size_t c = 0; c < size; c++) o.keys[c * o.key_stride + j] = 0;
    o.excluded[j] = 1;
  }
}

CK_INLINE void pack_values(const ck_attention_head *head, operands o) {
  size_t size = head->head_size;
  for (size_t j = 0; j < head->keys; j++) {
    const float *value = head->value + j * head->key_stride;
    for (size_t c = 0; c < size; c++) o.values[j * o.depth + c] = value[c] + head->value_bias[c];
    for (size_t c = size; c < o.depth; c++) o.values[j * o.depth + c] = 0;
  }
}

#endif
