#include "AttentionTape.h"
#include "CKernels.h"

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
    size_t c = head * size, shared = head / group_size(tape) * size;
    const float *query = tape->query + j * tape->query_stride + c;
    const float *value = tape->value + i * tape->key_stride + shared;
    const float *change = value_tangent + shared, *mix = context + c;
    float *target = context_tangent + c;
    float share = tape->pattern[(head * tape->queries + j) * tape->keys + i];
    float slope = tape->scale * dot(query, key_tangent + shared, size);
    if (tape->slopes) slope *= slope_row(tape, head, j)[i];
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
  size_t group = group_size(tape);
  parts at = divide(tape, count, scratch);
  ck_right keys = {0}, values = {0};
  for (size_t head = 0; head < tape->heads; head++) {
    size_t c = head * size, shared = head / group * size;
    if (head % group == 0) {
      keys = ck_transposed(tape->key + shared, tape->key_stride, n, size, at.matrix[0]);
      values = ck_rows(tape->value + shared, tape->key_stride, n, size, at.matrix[1]);
    }
    float *scores = at.square[0], *changes = at.square[1];
    for (size_t q = 0; q < count; q++) {
      const float *source = query_tangents + queries[q].tangent_row * width + c;
      for (size_t x = 0; x < size; x++) at.matrix[2][q * depth + x] = source[x];
    }
    ck_small_product((ck_left){at.matrix[2], depth, 1}, keys, scores, keys.stride, count, size,
                     keys.stride, 0);
    for (size_t q = 0; q < count; q++) {
      const float *p = tape->pattern + (head * tape->queries + queries[q].query) * n;
      const float *slopes = slope_row(tape, head, queries[q].query);
      float *row = scores + q * keys.stride;
      for (size_t r = 0; slopes && r < n; r++) row[r] *= slopes[r];
      softmax_gradient(p, row, keys.stride, tape->scale, changes + q * n, 1, n);
    }
    ck_small_product((ck_left){changes, n, 1}, values, at.matrix[3], depth, count, n, depth, 0);
    for (size_t q = 0; q < count; q++) {
      float *target = context_tangents + queries[q].context_row * width + c;
      for (size_t x = 0; x < size; x++) target[x] += at.matrix[3][q * depth + x];
    }
  }
}

// From the gradient of a head's context to that of its query.
CK_INLINE void query_gradient_of_head(
    const ck_attention_tape *tape, const float *p, const float *slopes, bool capped, const float *key,
    const float *value, const float *g, float mean, float *target) {
  size_t n = tape->keys, size = tape->head_size, stride = tape->key_stride;
  float scale = tape->scale;
  for (size_t x = 0; x < size; x++) target[x] = 0;
  for (size_t r = 0; r < n; r++) {
    const float *other = value + r * stride, *row = key + r * stride;
    float weight = scale * p[r] * (dot(g, other, size) - mean);
    if (capped) weight *= slopes[r];
    CK_ELEMENTWISE
    for (size_t x = 0; x < size; x++) target[x] += weight * row[x];
  }
}

CK_DISPATCH void ck_attention_edge_gradient(
    const ck_attention_tape *tape, const float *context, size_t i, size_t j,
    const float *context_gradient, float *query_gradient, float *key_gradient,
    float *value_gradient) {
  size_t n = tape->keys, size = tape->head_size, group = group_size(tape);
  for (size_t head = 0; head < tape->heads; head++) {
    size_t c = head * size, shared = head / group * size;
    const float *p = tape->pattern + (head * tape->queries + j) * n, *slopes = slope_row(tape, head, j);
    const float *query = tape->query + j * tape->query_stride + c;
    const float *keys = tape->key + shared, *values = tape->value + shared;
    const float *g = context_gradient + c, *mix = context + c;
    float mean = dot(g, mix, size), share = p[i];
    float slope = tape->scale * share * (dot(g, values + i * tape->key_stride, size) - mean);
    if (slopes) slope *= slopes[i];
    float *by_key = key_gradient + shared, *by_value = value_gradient + shared;
    if (head % group == 0) {
      CK_ELEMENTWISE
      for (size_t x = 0; x < size; x++) {
        by_value[x] = share * g[x];
        by_key[x] = slope * query[x];
      }
    } else {
      CK_ELEMENTWISE
      for (size_t x = 0; x < size; x++) {
        by_value[x] += share * g[x];
        by_key[x] += slope * query[x];
      }
    }
    if (!query_gradient) continue;
    if (slopes) {
      query_gradient_of_head(tape, p, slopes, true, keys, values, g, mean, query_gradient + c);
    } else {
      query_gradient_of_head(tape, p, p, false, keys, values, g, mean, query_gradient + c);
    }
  }
}
