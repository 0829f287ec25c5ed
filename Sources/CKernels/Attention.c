#include "ActivationFunctions.h"
#include "AttentionOperands.h"
#include "CKernels.h"
#include "ScoreCap.h"

#include <math.h>

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
  for (size_t j = 0; j < width; j++) row[j] = exp_of_nonpositive(row[j] - most);
  float share = 1.0f / sum_of_lanes(row, width);
  for (size_t j = 0; j < width; j++) row[j] *= share;
}

size_t ck_attention_scratch(size_t queries, size_t keys, size_t head_size) {
  size_t stride = padded(keys), depth = padded(head_size);
  return head_size * stride + keys * depth + stride + ROW_BLOCK * (stride + depth) +
         queries * head_size;
}

CK_INLINE void copy_rows(
    const float *source, size_t source_stride, float *target, size_t target_stride, size_t rows,
    size_t width) {
  for (size_t row = 0; row < rows; row++) {
    memcpy(target + row * target_stride, source + row * source_stride, width * sizeof(float));
  }
}

CK_INLINE void fill(float *row, size_t first, size_t end, float value) {
  for (size_t j = first; j < end; j++) row[j] = value;
}

// The keys of some queries, widened to whole vectors; `last` does not reach beyond the keys.
typedef struct {
  size_t first, end, last;
} key_range;

CK_INLINE key_range widened(const ck_attention_head *head, size_t first, size_t end) {
  if (first >= end) return (key_range){0, 0, 0};
  size_t wide = padded(end);
  return (key_range){first / LANES * LANES, wide, smaller(wide, head->keys)};
}

// The keys that any of the queries of a block may read.
CK_INLINE key_range block_keys(const ck_attention_head *head, size_t first, size_t rows) {
  if (!head->ranges) return widened(head, 0, head->keys);
  size_t least = head->keys, most = 0;
  for (size_t r = first; r < first + rows; r++) {
    size_t start = (size_t)head->ranges[2 * r], end = (size_t)head->ranges[2 * r + 1];
    if (start >= end) continue;
    least = smaller(least, start);
    most = end > most ? end : most;
  }
  return widened(head, least, most);
}

CK_INLINE bool may_read(const ck_attention_head *head, size_t first, size_t end) {
  for (size_t j = first; j < end; j++) {
    if (head->mask[j]) return true;
  }
  return false;
}

// score = cap tanh(scale product / cap); slopes, unless null, its derivative by the scaled product.
CK_INLINE void cap_scores(const ck_attention_head *head, float *row, float *slopes, key_range within) {
  float cap = head->cap, factor = head->scale / cap;
  if (slopes) {
    CK_ELEMENTWISE
    for (size_t j = within.first; j < within.last; j++) {
      ck_taped result = capped(row[j], factor, cap);
      row[j] = result.value;
      slopes[j] = result.slope;
    }
  } else {
    CK_ELEMENTWISE
    for (size_t j = within.first; j < within.last; j++) row[j] = capped(row[j], factor, cap).value;
  }
}

// As mask_and_scale, and keys outside first ..< end get -infinity, too.
CK_INLINE float mask_outside(
    float *row, const float *excluded, float scale, key_range within, size_t first, size_t end) {
  fill(row, within.first, first, -INFINITY);
  fill(row, end, within.end, -INFINITY);
  return mask_and_scale(row + within.first, excluded + within.first, scale, within.end - within.first);
}

// Products of query and keys of a row, computed for the keys of `block`, to probabilities of all keys. `query` is the
// row's index.
CK_INLINE void attend(const ck_attention_head *head, operands o, float *row, key_range block, size_t query) {
  size_t keys = head->keys, first = 0, end = keys;
  float scale = head->scale;
  if (head->cap > 0) {
    cap_scores(head, row, head->slopes ? head->slopes + query * keys : NULL, block);
    scale = 1;
  }
  key_range own = block;
  float most;
  if (head->ranges) {
    first = (size_t)head->ranges[2 * query], end = (size_t)head->ranges[2 * query + 1];
    own = widened(head, first, end);
    if (head->scores) {
      mask_and_scale(row, o.excluded, scale, o.key_stride);
      memcpy(head->scores + query * keys, row, keys * sizeof(float));
      scale = 1;
    }
    most = own.end ? mask_outside(row, o.excluded, scale, own, first, end) : -INFINITY;
  } else {
    most = mask_and_scale(row, o.excluded, scale, o.key_stride);
    if (head->scores) memcpy(head->scores + query * keys, row, keys * sizeof(float));
  }
  // Also when all scores are NaN, which the probabilities have to become then.
  if (most == -INFINITY && !may_read(head, first, end)) own = (key_range){0, 0, 0};
  fill(row, 0, own.first, 0);
  fill(row, own.end, o.key_stride, 0);
  exponentiate(row + own.first, most, own.end - own.first);
}

CK_DISPATCH void ck_attention(const ck_attention_head *head, float *scratch) {
  size_t keys = head->keys, size = head->head_size;
  operands o = lay_out(head, scratch);
  pack_queries(head, o);
  pack_keys(head, o);
  pack_values(head, o);
  bool all_scores = !head->ranges || head->scores || (head->cap > 0 && head->slopes);
  for (size_t first = 0; first < head->queries; first += ROW_BLOCK) {
    size_t rows = smaller(ROW_BLOCK, head->queries - first);
    key_range read = block_keys(head, first, rows), scored = all_scores ? widened(head, 0, keys) : read;
    multiply(o.queries + first * size, size, o.keys + scored.first, o.key_stride, o.scores + scored.first,
             o.key_stride, rows, size, scored.end - scored.first);
    for (size_t r = 0; r < rows; r++) {
      attend(head, o, o.scores + r * o.key_stride, scored, first + r);
    }
    if (head->pattern) {
      copy_rows(o.scores, o.key_stride, head->pattern + first * keys, keys, rows, keys);
    }
    multiply(o.scores + read.first, o.key_stride, o.values + read.first * o.depth, o.depth, o.context,
             o.depth, rows, read.last - read.first, size);
    copy_rows(o.context, o.depth, head->context + first * head->context_stride,
              head->context_stride, rows, size);
  }
}
