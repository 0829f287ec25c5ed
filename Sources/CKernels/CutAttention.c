#include "AttentionOperands.h"
#include "CKernels.h"
#include "Exponential.h"
#include "ScoreCap.h"

#include <math.h>

CK_INLINE float biased_dot(const ck_cut_query *query, const float *key) {
  float sum = 0;
  for (size_t i = 0; i < query->head_size; i++) {
    sum += (query->query[i] + query->query_bias[i]) * (key[i] + query->key_bias[i]);
  }
  return sum;
}

CK_DISPATCH void ck_attention_cut(const ck_cut_query *query, float *weights) {
  size_t count = query->keys, size = query->head_size, read = 0;
  float most = -INFINITY;
  for (size_t j = 0; j < count; j++) {
    if (query->states[j] == ck_key_masked) continue;
    float product = biased_dot(query, query->key + j * query->stride);
    float score = query->cap > 0 ? capped(product, query->scale / query->cap, query->cap).value
                                 : product * query->scale;
    weights[j] = score;
    most = score > most ? score : most;
    read++;
  }
  // A NaN among the scores makes all NaN, by way of the total.
  for (size_t j = 0; j < count; j++) {
    weights[j] = query->states[j] == ck_key_masked ? 0 : exp_of_nonpositive(weights[j] - most);
  }
  float share = read ? 1.0f / sum_of_lanes(weights, count) : 0;
  for (size_t i = 0; i < size; i++) query->context[i] = 0;
  for (size_t j = 0; j < count; j++) {
    weights[j] = query->states[j] == ck_key_read ? weights[j] * share : 0;
    if (query->states[j] != ck_key_read) continue;
    const float *value = query->value + j * query->stride;
    CK_ELEMENTWISE
    for (size_t i = 0; i < size; i++) query->context[i] += weights[j] * (value[i] + query->value_bias[i]);
  }
}
