#ifndef IPSH_DERIVATIVES_H
#define IPSH_DERIVATIVES_H

#include <stddef.h>
#include <stdint.h>

// Points on paths and derivatives of attention, by hand: "tangent" kernels apply the Jacobian, "gradient" kernels its
// transpose. Buffers overlap only where that is said.

#pragma clang assume_nonnull begin

// MARK: Points on a path

// out[k] = base + alphas[k] delta, for `points` blocks of `count` floats.
void ck_path_points(
    const float *base, const float *delta, const float *alphas, float *out, size_t points,
    size_t count);

// MARK: Products of rows

// dots[row][h] = <a[row], b[b_rows[row]]> over the h-th of `heads` equal parts of the width; an
// index of -1 gives 0, null means the same row.
void ck_row_dots(
    const float *a, const float *b, const int32_t *_Nullable b_rows, float *dots, size_t rows,
    size_t heads, size_t head_size);

// MARK: Attention

// One sequence at one point, all heads. With d = heads head_size and k = key_heads head_size, where key_heads divides
// heads, query is (queries, d), key and value (keys, k), all as the scores read them, rows the given strides apart;
// query head h reads key/value head h / (heads / key_heads). pattern and slopes are (heads, queries, keys); scale is
// that of the scores, and slopes are their derivatives after the cap by those before, null for 1.
typedef struct {
  size_t queries, keys, heads, key_heads, head_size;
  const float *query;
  const float *key;
  const float *value;
  size_t query_stride, key_stride;
  const float *pattern;
  float scale;
  const float *_Nullable slopes;
} ck_attention_tape;

// Floats of scratch memory that each of the kernels below with `scratch` needs at most.
size_t ck_attention_tape_scratch(const ck_attention_tape *tape, size_t sources);

// From the gradient of the context (queries, d) to those of query (queries, d), key and value (keys, k), and
// score_gradient (heads, queries, keys) = scale dQ/dscores, where scores are those after scaling and before the cap.
void ck_attention_gradient(
    const ck_attention_tape *tape, const float *context_gradient, float *score_gradient,
    float *query_gradient, size_t query_gradient_stride, float *key_gradient,
    float *value_gradient, size_t key_gradient_stride, float *scratch);

// From tangents of query (queries, d), key and value (keys, k) to that of the context (queries, d).
void ck_attention_tangent(
    const ck_attention_tape *tape, const float *query_tangent, size_t query_tangent_stride,
    const float *key_tangent, const float *value_tangent, size_t key_tangent_stride,
    float *context_tangent, float *scratch);

// What reaches the quantity through each query when only token `positions[s]` of source s moves:
// values[s][j] = sum over heads of P[j,i] <g_j, dv> + S[j,i] <q_j, dk> with i = positions[s],
// g the context gradient (queries, d) and S the score gradient. The part by way of the moving
// token's own query is not in it. key_tangent and value_tangent are (sources, k).
void ck_attention_candidates(
    const ck_attention_tape *tape, const float *context_gradient, const float *score_gradient,
    size_t sources, const int32_t *positions, const float *key_tangent,
    const float *value_tangent, size_t tangent_stride, float *values, float *scratch);

// context_tangent (d) of the j-th query += its part from token i, by way of i's key and value, whose tangents are (k);
// context is the query's.
void ck_attention_edge_tangent(
    const ck_attention_tape *tape, const float *context, size_t i, size_t j,
    const float *key_tangent, const float *value_tangent, float *context_tangent);

// One query that moves: its index, and the rows of its tangent and of its context's tangent.
typedef struct {
  size_t query, tangent_row, context_row;
} ck_moving_query;

// context_tangents[context_row] (d) += its part by way of the query's own tangent, for each of
// `count` queries; scratch as for that many sources.
void ck_attention_query_tangents(
    const ck_attention_tape *tape, const ck_moving_query *queries, size_t count,
    const float *query_tangents, float *context_tangents, float *scratch);

// The transpose: from the gradient of the j-th query's context (d) to those of i's key and value (k) and, unless null,
// of the query (d).
void ck_attention_edge_gradient(
    const ck_attention_tape *tape, const float *context, size_t i, size_t j,
    const float *context_gradient, float *_Nullable query_gradient, float *key_gradient,
    float *value_gradient);

#pragma clang assume_nonnull end

#endif
