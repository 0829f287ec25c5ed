#include "CKernels.h"
#include "Exponential.h"

#include <math.h>

typedef float lanes __attribute__((vector_size(64)));
typedef float lanes_at __attribute__((vector_size(64), aligned(4), may_alias));

enum { LANES = 16, ROW_BLOCK = 32 };

CK_INLINE size_t padded(size_t count) { return (count + LANES - 1) / LANES * LANES; }

CK_INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

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

// Scales a row of scores of `width` (whole vectors) and sets the excluded ones to -infinity.
// Returns the largest, ignoring NaN.
CK_INLINE float mask_and_scale(float *row, const float *excluded, float scale, size_t width) {
  float top[LANES];
  for (size_t l = 0; l < LANES; l++) top[l] = -INFINITY;
  for (size_t j = 0; j < width; j += LANES) {
    for (size_t l = 0; l < LANES; l++) {
      float score = excluded[j + l] != 0 ? -INFINITY : row[j + l] * scale;
      row[j + l] = score;
      top[l] = score > top[l] ? score : top[l];
    }
  }
  float most = top[0];
  for (size_t l = 1; l < LANES; l++) most = top[l] > most ? top[l] : most;
  return most;
}

// Scores to probabilities. A NaN score makes its whole row NaN, by way of the total.
CK_INLINE void exponentiate(float *row, float most, size_t width) {
  float total = 0;
  for (size_t j = 0; j < width; j++) {
    float weight = exp_of_nonpositive(row[j] - most);
    row[j] = weight;
    total += weight;
  }
  float share = 1.0f / total;
  for (size_t j = 0; j < width; j++) row[j] *= share;
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

size_t ck_attention_scratch(size_t queries, size_t keys, size_t head_size) {
  size_t stride = padded(keys), depth = padded(head_size);
  return head_size * stride + keys * depth + stride + ROW_BLOCK * (stride + depth) +
         queries * head_size;
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

CK_INLINE void copy_rows(
    const float *source, size_t source_stride, float *target, size_t target_stride, size_t rows,
    size_t width) {
  for (size_t row = 0; row < rows; row++) {
    memcpy(target + row * target_stride, source + row * source_stride, width * sizeof(float));
  }
}

CK_DISPATCH void ck_attention(const ck_attention_head *head, float *scratch) {
  size_t keys = head->keys, size = head->head_size;
  operands o = lay_out(head, scratch);
  pack_queries(head, o);
  pack_keys(head, o);
  pack_values(head, o);
  for (size_t first = 0; first < head->queries; first += ROW_BLOCK) {
    size_t rows = smaller(ROW_BLOCK, head->queries - first);
    multiply(o.queries + first * size, size, o.keys, o.key_stride, o.scores, o.key_stride, rows,
             size, keys);
    for (size_t r = 0; r < rows; r++) {
      float *row = o.scores + r * o.key_stride;
      float most = mask_and_scale(row, o.excluded, head->scale, o.key_stride);
      if (head->scores) memcpy(head->scores + (first + r) * keys, row, keys * sizeof(float));
      exponentiate(row, most, o.key_stride);
    }
    if (head->pattern) {
      copy_rows(o.scores, o.key_stride, head->pattern + first * keys, keys, rows, keys);
    }
    multiply(o.scores, o.key_stride, o.values, o.depth, o.context, o.depth, rows, keys, size);
    copy_rows(o.context, o.depth, head->context + first * head->context_stride,
              head->context_stride, rows, size);
  }
}
