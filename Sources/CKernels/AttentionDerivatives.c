#include "AttentionTape.h"
#include "CKernels.h"

size_t ck_attention_tape_scratch(const ck_attention_tape *tape, size_t sources) {
  size_t tokens = larger(larger(tape->queries, tape->keys), sources);
  size_t side = ck_padded(tokens), depth = ck_padded(tape->head_size);
  return 6 * side * depth + 3 * side * side;
}

CK_DISPATCH void ck_attention_gradient(
    const ck_attention_tape *tape, const float *context_gradient, float *score_gradient,
    float *query_gradient, size_t query_gradient_stride, float *key_gradient,
    float *value_gradient, size_t key_gradient_stride, float *scratch) {
  size_t n = tape->keys, m = tape->queries, size = tape->head_size, width = tape->heads * size;
  size_t group = group_size(tape);
  parts at = divide(tape, 0, scratch);
  ck_right values = {0}, keys = {0};
  for (size_t head = 0; head < tape->heads; head++) {
    size_t c = head * size, shared = head / group * size;
    int accumulating = head % group != 0;
    const float *p = tape->pattern + head * m * n, *g = context_gradient + c;
    float *s = score_gradient + head * m * n;
    if (!accumulating) {
      values = ck_transposed(tape->value + shared, tape->key_stride, n, size, at.matrix[0]);
      keys = ck_rows(tape->key + shared, tape->key_stride, n, size, at.matrix[1]);
    }
    ck_right queries = ck_rows(tape->query + c, tape->query_stride, m, size, at.matrix[2]);
    ck_right gradients = ck_rows(g, width, m, size, at.matrix[3]);
    ck_small_product((ck_left){g, width, 1}, values, at.square[0], values.stride, m, size, ck_padded(n), 0);
    softmax_gradient(p, at.square[0], values.stride, tape->scale, s, m, n);
    multiply_by_slopes(tape, head, s, n);
    ck_small_product_into((ck_left){s, n, 1}, keys, query_gradient + c, query_gradient_stride, m, n, size,
                          at.matrix[4], 0);
    ck_small_product_into((ck_left){s, 1, n}, queries, key_gradient + shared, key_gradient_stride, n, m,
                          size, at.matrix[4], accumulating);
    ck_small_product_into((ck_left){p, 1, n}, gradients, value_gradient + shared, key_gradient_stride, n,
                          m, size, at.matrix[4], accumulating);
  }
}

CK_DISPATCH void ck_attention_tangent(
    const ck_attention_tape *tape, const float *query_tangent, size_t query_tangent_stride,
    const float *key_tangent, const float *value_tangent, size_t key_tangent_stride,
    float *context_tangent, float *scratch) {
  size_t n = tape->keys, m = tape->queries, size = tape->head_size, width = tape->heads * size;
  size_t depth = ck_padded(size), group = group_size(tape);
  parts at = divide(tape, 0, scratch);
  ck_right keys = {0}, moves = {0}, values = {0}, changes = {0};
  for (size_t head = 0; head < tape->heads; head++) {
    size_t c = head * size, shared = head / group * size;
    const float *p = tape->pattern + head * m * n;
    if (head % group == 0) {
      keys = ck_transposed(tape->key + shared, tape->key_stride, n, size, at.matrix[0]);
      moves = ck_transposed(key_tangent + shared, key_tangent_stride, n, size, at.matrix[1]);
      values = ck_rows(tape->value + shared, tape->key_stride, n, size, at.matrix[2]);
      changes = ck_rows(value_tangent + shared, key_tangent_stride, n, size, at.matrix[3]);
    }
    ck_small_product((ck_left){query_tangent + c, query_tangent_stride, 1}, keys, at.square[0],
                     keys.stride, m, size, keys.stride, 0);
    ck_small_product((ck_left){tape->query + c, tape->query_stride, 1}, moves, at.square[0], keys.stride,
                     m, size, keys.stride, 1);
    multiply_by_slopes(tape, head, at.square[0], keys.stride);
    softmax_gradient(p, at.square[0], keys.stride, tape->scale, at.square[1], m, n);
    ck_small_product((ck_left){at.square[1], n, 1}, values, at.matrix[4], depth, m, n, depth, 0);
    ck_small_product((ck_left){p, n, 1}, changes, at.matrix[4], depth, m, n, depth, 1);
    for (size_t i = 0; i < m; i++) {
      for (size_t x = 0; x < size; x++) {
        context_tangent[i * width + c + x] = at.matrix[4][i * depth + x];
      }
    }
  }
}

CK_DISPATCH void ck_attention_candidates(
    const ck_attention_tape *tape, const float *context_gradient, const float *score_gradient,
    size_t sources, const int32_t *positions, const float *key_tangent,
    const float *value_tangent, size_t tangent_stride, float *values, float *scratch) {
  size_t n = tape->keys, m = tape->queries, size = tape->head_size, width = tape->heads * size;
  size_t columns = ck_padded(m);
  parts at = divide(tape, sources, scratch);
  for (size_t i = 0; i < sources * m; i++) values[i] = 0;
  for (size_t head = 0; head < tape->heads; head++) {
    size_t c = head * size, shared = head / group_size(tape) * size;
    const float *p = tape->pattern + head * m * n, *s = score_gradient + head * m * n;
    ck_right queries = ck_transposed(tape->query + c, tape->query_stride, m, size, at.matrix[0]);
    ck_right gradients = ck_transposed(context_gradient + c, width, m, size, at.matrix[1]);
    float *by_key = at.square[0], *by_value = at.square[1];
    ck_small_product((ck_left){key_tangent + shared, tangent_stride, 1}, queries, by_key, columns, sources,
               size, columns, 0);
    ck_small_product((ck_left){value_tangent + shared, tangent_stride, 1}, gradients, by_value, columns,
               sources, size, columns, 0);
    for (size_t source = 0; source < sources; source++) {
      size_t i = (size_t)positions[source];
      float *target = values + source * m;
      const float *keys = by_key + source * columns, *changes = by_value + source * columns;
      for (size_t j = 0; j < m; j++) {
        target[j] += p[j * n + i] * changes[j] + s[j * n + i] * keys[j];
      }
    }
  }
}
