#include "AttentionOperands.h"
#include "CKernels.h"
#include "Exponential.h"
#include "ScoreCap.h"

#include <math.h>

// Four rows at a time: each is read once, and eight independent sums hide the latency of the additions.
CK_DISPATCH void ck_row_product(const float *x, const float *weights, float *y, size_t rows, size_t width) {
  size_t whole = width / (2 * LANES) * (2 * LANES);
  for (size_t first = 0; first < rows; first += 4) {
    const float *row[4];
    lanes sum[4][2];
    for (size_t r = 0; r < 4; r++) {
      row[r] = weights + smaller(first + r, rows - 1) * width;
      sum[r][0] = sum[r][1] = (lanes){0};
    }
    for (size_t i = 0; i < whole; i += 2 * LANES) {
      lanes a = *(const lanes_at *)(x + i), b = *(const lanes_at *)(x + i + LANES);
      for (size_t r = 0; r < 4; r++) {
        sum[r][0] += a * *(const lanes_at *)(row[r] + i);
        sum[r][1] += b * *(const lanes_at *)(row[r] + i + LANES);
      }
    }
    for (size_t r = 0; r < 4 && first + r < rows; r++) {
      lanes parts = sum[r][0] + sum[r][1];
      float total = 0;
      for (size_t l = 0; l < LANES; l++) total += parts[l];
      for (size_t i = whole; i < width; i++) total += x[i] * row[r][i];
      y[first + r] = total;
    }
  }
}

CK_INLINE float dot(const float *a, const float *b, size_t count) {
  float sum = 0;
  for (size_t i = 0; i < count; i++) sum += a[i] * b[i];
  return sum;
}

CK_DISPATCH void ck_attention_one(const ck_attention_query *query, float *scores) {
  size_t count = query->keys, size = query->head_size;
  float most = -INFINITY;
  for (size_t j = 0; j < count; j++) {
    float product = dot(query->query, query->key + j * query->stride, size);
    float score = query->cap > 0 ? capped(product, query->scale / query->cap, query->cap).value
                                 : product * query->scale;
    scores[j] = score;
    most = score > most ? score : most;
  }
  // A NaN among the scores makes all NaN, by way of the total.
  float total = 0;
  for (size_t j = 0; j < count; j++) {
    scores[j] = exp_of_nonpositive(scores[j] - most);
    total += scores[j];
  }
  float share = 1.0f / total;
  float *context = query->context;
  for (size_t i = 0; i < size; i++) context[i] = 0;
  for (size_t j = 0; j < count; j++) {
    const float *value = query->value + j * query->stride;
    float weight = scores[j] * share;
    CK_ELEMENTWISE
    for (size_t i = 0; i < size; i++) context[i] += weight * value[i];
  }
}
