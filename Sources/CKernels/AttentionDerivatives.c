#include "CKernels.h"
#include "SmallProduct.h"

CK_INLINE size_t larger(size_t a, size_t b) { return a > b ? a : b; }

size_t ck_attention_tape_scratch(const ck_attention_tape *tape, size_t sources) {
  size_t tokens = larger(larger(tape->queries, tape->keys), sources);
  size_t side = ck_padded(tokens), depth = ck_padded(tape->head_size);
  return 6 * side * depth + 3 * side * side;
}

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

CK_DISPATCH void ck_attention_gradient(
    const ck_attention_tape *tape, const float *context_gradient, float *score_gradient,
    float *query_gradient, size_t query_gradient_stride, float *key_gradient,
    float *value_gradient, size_t key_gradient_stride, float *scratch) {
  size_t n = tape->keys, m = tape->queries, size = tape->head_size, width = tape->heads * size;
  parts at = divide(tape, 0, scratch);
  for (size_t head = 0; head < tape->heads; head++) {
    size_t c = head * size;
    const float *p = tape->pattern + head * m * n, *g = context_gradient + c;
    float *s = score_gradient + head * m * n;
    ck_right values = ck_transposed(tape->value + c, tape->key_stride, n, size, at.matrix[0]);
    ck_right keys = ck_rows(tape->key + c, tape->key_stride, n, size, at.matrix[1]);
    ck_right queries = ck_rows(tape->query + c, tape->query_stride, m, size, at.matrix[2]);
    ck_right gradients = ck_rows(g, width, m, size, at.matrix[3]);
    ck_small_product((ck_left){g, width, 1}, values, at.square[0], values.stride, m, size, ck_padded(n), 0);
    softmax_gradient(p, at.square[0], values.stride, tape->scale, s, m, n);
    ck_small_product_into((ck_left){s, n, 1}, keys, query_gradient + c, query_gradient_stride, m, n, size,
                    at.matrix[4]);
    ck_small_product_into((ck_left){s, 1, n}, queries, key_gradient + c, key_gradient_stride, n, m, size,
                    at.matrix[4]);
    ck_small_product_into((ck_left){p, 1, n}, gradients, value_gradient + c, key_gradient_stride, n, m,
                    size, at.matrix[4]);
  }
}

CK_DISPATCH void ck_attention_tangent(
    const ck_attention_tape *tape, const float *query_tangent, size_t query_tangent_stride,
    const float *key_tangent, const float *value_tangent, size_t key_tangent_stride,
    float *context_tangent, float *scratch) {
  size_t n = tape->keys, m = tape->queries, size = tape->head_size, width = tape->heads * size;
  size_t depth = ck_padded(size);
  parts at = divide(tape, 0, scratch);
  for (size_t head = 0; head < tape->heads; head++) {
    size_t c = head * size;
    const float *p = tape->pattern + head * m * n;
    ck_right keys = ck_transposed(tape->key + c, tape->key_stride, n, size, at.matrix[0]);
    ck_right moves = ck_transposed(key_tangent + c, key_tangent_stride, n, size, at.matrix[1]);
    ck_right values = ck_rows(tape->value + c, tape->key_stride, n, size, at.matrix[2]);
    ck_right changes = ck_rows(value_tangent + c, key_tangent_stride, n, size, at.matrix[3]);
    ck_small_product((ck_left){query_tangent + c, query_tangent_stride, 1}, keys, at.square[0],
               keys.stride, m, size, keys.stride, 0);
    ck_small_product((ck_left){tape->query + c, tape->query_stride, 1}, moves, at.square[0], keys.stride,
               m, size, keys.stride, 1);
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
    size_t c = head * size;
    const float *p = tape->pattern + head * m * n, *s = score_gradient + head * m * n;
    ck_right queries = ck_transposed(tape->query + c, tape->query_stride, m, size, at.matrix[0]);
    ck_right gradients = ck_transposed(context_gradient + c, width, m, size, at.matrix[1]);
    float *by_key = at.square[0], *by_value = at.square[1];
    ck_small_product((ck_left){key_tangent + c, tangent_stride, 1}, queries, by_key, columns, sources,
               size, columns, 0);
    ck_small_product((ck_left){value_tangent + c, tangent_stride, 1}, gradients, by_value, columns,
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

CK_INLINE float dot(const float *a, const float *b, size_t count) {
  float sum = 0;
  CK_ELEMENTWISE
  for (size_t i = 0; i < count; i++) sum += a[i] * b[i];
  return sum;
}

CK_DISPATCH void ck_attention_edge_tangent(
    const ck_attention_tape *tape, const float *context, size_t i, size_t j,
    const float *key_tangent, const float *value_tangent, float *context_tangent) {
  size_t size = tape->head_size;
  for (size_t head = 0; head < tape->heads; head++) {
    size_t c = head * size;
    const float *query = tape->query + j * tape->query_stride + c;
    const float *value = tape->value + i * tape->key_stride + c;
    const float *change = value_tangent + c, *mix = context + c;
    float *target = context_tangent + c;
    float share = tape->pattern[(head * tape->queries + j) * tape->keys + i];
    float slope = tape->scale * dot(query, key_tangent + c, size);
    CK_ELEMENTWISE
    for (size_t x = 0; x < size; x++) {
      target[x] += share * (change[x] + slope * (value[x] - mix[x]));
    }
  }
}

CK_DISPATCH void ck_attention_query_tangents(
    const ck_attention_tape *tape, const ck_moving_query *queries, size_t count,
    const float *query_tangents, float *context_tangents, float *scratch) {
  size_t n = tape->keys, size = tape->head_size, width = tape->heads * size;
  size_t depth = ck_padded(size);
  parts at = divide(tape, count, scratch);
  for (size_t head = 0; head < tape->heads; head++) {
    size_t c = head * size;
    ck_right keys = ck_transposed(tape->key + c, tape->key_stride, n, size, at.matrix[0]);
    ck_right values = ck_rows(tape->value + c, tape->key_stride, n, size, at.matrix[1]);
    float *scores = at.square[0], *changes = at.square[1];
    for (size_t q = 0; q < count; q++) {
      const float *source = query_tangents + queries[q].tangent_row * width + c;
      for (size_t x = 0; x < size; x++) at.matrix[2][q * depth + x] = source[x];
    }
    ck_small_product((ck_left){at.matrix[2], depth, 1}, keys, scores, keys.stride, count, size,
                     keys.stride, 0);
    for (size_t q = 0; q < count; q++) {
      const float *p = tape->pattern + (head * tape->queries + queries[q].query) * n;
      softmax_gradient(p, scores + q * keys.stride, keys.stride, tape->scale, changes + q * n, 1, n);
    }
    ck_small_product((ck_left){changes, n, 1}, values, at.matrix[3], depth, count, n, depth, 0);
    for (size_t q = 0; q < count; q++) {
      float *target = context_tangents + queries[q].context_row * width + c;
      for (size_t x = 0; x < size; x++) target[x] += at.matrix[3][q * depth + x];
    }
  }
}

CK_DISPATCH void ck_attention_edge_gradient(
    const ck_attention_tape *tape, const float *context, size_t i, size_t j,
    const float *context_gradient, float *query_gradient, float *key_gradient,
    float *value_gradient) {
  size_t n = tape->keys, size = tape->head_size;
  for (size_t head = 0; head < tape->heads; head++) {
    size_t c = head * size;
    const float *p = tape->pattern + (head * tape->queries + j) * n;
    const float *query = tape->query + j * tape->query_stride + c;
    const float *value = tape->value + i * tape->key_stride + c;
    const float *g = context_gradient + c, *mix = context + c;
    float mean = dot(g, mix, size), share = p[i];
    float slope = tape->scale * share * (dot(g, value, size) - mean);
    CK_ELEMENTWISE
    for (size_t x = 0; x < size; x++) {
      value_gradient[c + x] = share * g[x];
      key_gradient[c + x] = slope * query[x];
    }
    if (!query_gradient) continue;
    float *target = query_gradient + c;
    for (size_t x = 0; x < size; x++) target[x] = 0;
    for (size_t r = 0; r < n; r++) {
      const float *other = tape->value + r * tape->key_stride + c;
      float weight = tape->scale * p[r] * (dot(g, other, size) - mean);
      const float *key = tape->key + r * tape->key_stride + c;
      CK_ELEMENTWISE
      for (size_t x = 0; x < size; x++) target[x] += weight * key[x];
    }
  }
}
