#ifndef IPSH_HEADS_H
#define IPSH_HEADS_H

#include "Norms.h"

// What happens to queries and keys between projection and attention. x is (rows, heads, head_size), its rows `stride`
// apart, and changed in place; tapes as in Norms.h.

#pragma clang assume_nonnull begin

// MARK: Rotary position embedding

// As transformers has it: the first `rotary` components of each head are pairs (c, c + rotary / 2),
//   x1' = x1 cos - x2 sin, x2' = x2 cos + x1 sin
// with cosines and sines (position, rotary / 2). Row r has position positions[tape_rows[r]], without tape_rows
// positions[r]. inverse: the transpose, which has -sin for sin.
void ck_rotate(
    float *x, size_t stride, size_t rows, size_t heads, size_t head_size, size_t rotary,
    const int32_t *positions, const int32_t *_Nullable tape_rows, const float *cosines, const float *sines,
    bool inverse);

// MARK: Norms of heads

// x = norm(x) for each head; gain and shift are (head_size).
void ck_head_norm(
    const ck_norm *norm, float *x, size_t stride, size_t rows, size_t heads, size_t head_size);

// The same, keeping normalized (rows, heads, head_size), dense, and scale (rows, heads).
void ck_head_norm_taped(
    const ck_norm *norm, float *x, size_t stride, float *normalized, float *scale, size_t rows,
    size_t heads, size_t head_size);

// x = J x and x = J' x, as ck_norm_tangent and ck_norm_gradient.
void ck_head_norm_tangent(
    const ck_norm *norm, float *x, size_t stride, const int32_t *_Nullable tape_rows,
    const float *normalized, const float *scale, size_t rows, size_t heads, size_t head_size);
void ck_head_norm_gradient(
    const ck_norm *norm, float *x, size_t stride, const int32_t *_Nullable tape_rows,
    const float *normalized, const float *scale, size_t rows, size_t heads, size_t head_size);

#pragma clang assume_nonnull end

#endif
