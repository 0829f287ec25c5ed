#ifndef IPSH_SMALL_PRODUCT_H
#define IPSH_SMALL_PRODUCT_H

#include "Dispatch.h"

#include <stddef.h>

// Products of matrices that are too small for a library call: the sides are tokens of a sentence
// and the size of a head.

typedef float ck_lanes __attribute__((vector_size(64)));
typedef float ck_lanes_at __attribute__((vector_size(64), aligned(4), may_alias));

enum { CK_LANES = 16 };

CK_INLINE size_t ck_padded(size_t count) { return (count + CK_LANES - 1) / CK_LANES * CK_LANES; }

// A matrix whose rows are whole vectors.
typedef struct {
  const float *base;
  size_t stride;
} ck_right;

// The left factor; its elements may lie in any order, so a transposed one needs no copy.
typedef struct {
  const float *base;
  size_t row, inner;
} ck_left;

// c[r][0 ..< 16 V] (+)= a[r][0 ..< depth] b. Rows past the last are read from the last and not
// stored.
#define CK_PRODUCT_TILE(NAME, R, V)                                                              \
  CK_INLINE void NAME(                                                                           \
      ck_left a, const float *b, size_t b_stride, float *c, size_t c_stride, size_t rows,        \
      size_t depth, int accumulating) {                                                          \
    for (size_t first = 0; first < rows; first += R) {                                           \
      const float *row[R];                                                                       \
      ck_lanes sum[R][V];                                                                        \
      for (size_t r = 0; r < R; r++) {                                                           \
        size_t index = first + r < rows ? first + r : rows - 1;                                  \
        row[r] = a.base + index * a.row;                                                         \
        for (size_t v = 0; v < V; v++) sum[r][v] = (ck_lanes){0};                                \
      }                                                                                          \
      for (size_t k = 0; k < depth; k++) {                                                       \
        ck_lanes column[V];                                                                      \
        for (size_t v = 0; v < V; v++) {                                                         \
          column[v] = *(const ck_lanes_at *)(b + k * b_stride + v * CK_LANES);                   \
        }                                                                                        \
        for (size_t r = 0; r < R; r++) {                                                         \
          float value = row[r][k * a.inner];                                                     \
          for (size_t v = 0; v < V; v++) sum[r][v] += value * column[v];                         \
        }                                                                                        \
      }                                                                                          \
      for (size_t r = 0; r < R && first + r < rows; r++) {                                       \
        for (size_t v = 0; v < V; v++) {                                                         \
          ck_lanes_at *place = (ck_lanes_at *)(c + (first + r) * c_stride + v * CK_LANES);       \
          *place = accumulating ? *place + sum[r][v] : sum[r][v];                                \
        }                                                                                        \
      }                                                                                          \
    }                                                                                            \
  }

CK_PRODUCT_TILE(ck_small_product_one, 8, 1)
CK_PRODUCT_TILE(ck_small_product_two, 4, 2)

// c (+)= a b over `columns`, a multiple of 16.
CK_INLINE void ck_small_product(
    ck_left a, ck_right b, float *c, size_t c_stride, size_t rows, size_t depth, size_t columns,
    int accumulating) {
  size_t j = 0;
  for (; j + CK_LANES < columns; j += 2 * CK_LANES) {
    ck_small_product_two(a, b.base + j, b.stride, c + j, c_stride, rows, depth, accumulating);
  }
  if (j < columns) {
    ck_small_product_one(a, b.base + j, b.stride, c + j, c_stride, rows, depth, accumulating);
  }
}

// Rows as they are when they are whole vectors, else a padded copy.
CK_INLINE ck_right ck_rows(
    const float *source, size_t stride, size_t rows, size_t width, float *copy) {
  if (width % CK_LANES == 0) return (ck_right){source, stride};
  size_t wide = ck_padded(width);
  for (size_t r = 0; r < rows; r++) {
    for (size_t c = 0; c < width; c++) copy[r * wide + c] = source[r * stride + c];
    for (size_t c = width; c < wide; c++) copy[r * wide + c] = 0;
  }
  return (ck_right){copy, wide};
}

// (rows, width) as (width, padded rows).
CK_INLINE ck_right ck_transposed(
    const float *source, size_t stride, size_t rows, size_t width, float *copy) {
  size_t wide = ck_padded(rows);
  for (size_t c = 0; c < width; c++) {
    for (size_t r = 0; r < rows; r++) copy[c * wide + r] = source[r * stride + c];
    for (size_t r = rows; r < wide; r++) copy[c * wide + r] = 0;
  }
  return (ck_right){copy, wide};
}

// c (rows, width), rows c_stride apart, (+)= a b; by way of `padded` when rows are no whole vectors.
CK_INLINE void ck_small_product_into(
    ck_left a, ck_right b, float *c, size_t c_stride, size_t rows, size_t depth, size_t width,
    float *padded, int accumulating) {
  if (width % CK_LANES == 0) {
    ck_small_product(a, b, c, c_stride, rows, depth, width, accumulating);
    return;
  }
  size_t wide = ck_padded(width);
  ck_small_product(a, b, padded, wide, rows, depth, wide, 0);
  for (size_t r = 0; r < rows; r++) {
    float *target = c + r * c_stride;
    for (size_t i = 0; i < width; i++) {
      target[i] = accumulating ? target[i] + padded[r * wide + i] : padded[r * wide + i];
    }
  }
}

#endif
