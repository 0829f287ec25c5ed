#include "AttentionOperands.h"
#include "CKernels.h"
#include "Exponential.h"
#include "ScoreCap.h"

#include <math.h>

// Eight rows at a time: as many streams of memory, and as many independent sums, which hide the latency of the additions.
CK_DISPATCH void ck_row_product(const float *x, const float *weights, float *y, size_t rows, size_t width) {
  enum { ROWS = 8 };
  size_t whole = width / LANES * LANES;
  for (size_t first = 0; first < rows; first += ROWS) {
    const float *row[ROWS];
    lanes sum[ROWS];
    for (size_t r = 0; r < ROWS; r++) {
      row[r] = weights + smaller(first + r, rows - 1) * width;
      sum[r] = (lanes){0};
    }
    for (size_t i = 0; i < whole; i += LANES) {
      lanes a = *(const lanes_at *)(x + i);
      for (size_t r = 0; r < ROWS; r++) sum[r] += a * *(const lanes_at *)(row[r] + i);
    }
    for (size_t r = 0; r < ROWS && first + r < rows; r++) {
      float total = 0;
      for (size_t l = 0; l < LANES; l++) total += sum[r][l];
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
