#include "CKernels.h"
#include "Dispatch.h"

// Matrix products for processors with AVX-512: c is computed in tiles of 6 rows by 64 columns that stay in
// registers. A panel of 64 columns of b, a few hundred deep, is copied to where it can be read in order and
// then multiplied by all rows of a. This is the scheme of Goto and van de Geijn, "Anatomy of high-performance
// matrix multiplication", ACM TOMS 34(3), 2008, without packing a.

enum { LANES = 16, VECTORS = 4, ROWS = 6, PANEL = LANES * VECTORS, DEPTH = 384 };

size_t ck_product_panels(size_t columns) { return (columns + PANEL - 1) / PANEL; }

size_t ck_product_scratch(void) { return DEPTH * PANEL + ROWS * PANEL; }

#if defined(__x86_64__)

// Without the width, the compiler prefers vectors of 256 bits.
#define AVX512 __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define AVX512_INLINE static inline __attribute__((always_inline)) AVX512

typedef float lanes __attribute__((vector_size(64)));
typedef float lanes_at __attribute__((vector_size(64), aligned(4), may_alias));

AVX512_INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

// c[0 ..< rows][0 ..< PANEL] (+)= a[0 ..< rows][0 ..< depth] panel. Each element is summed in the order of
// k whatever the number of rows, so that a row's result does not depend on the rows beside it.
AVX512_INLINE void tile(
    const float *a, size_t a_stride, const float *panel, float *c, size_t c_stride, size_t depth,
    bool accumulate, const size_t rows) {
#pragma clang fp reassociate(off) contract(fast)
  lanes sum[ROWS][VECTORS];
  for (size_t r = 0; r < rows; r++) {
    for (size_t v = 0; v < VECTORS; v++) sum[r][v] = (lanes){0};
  }
  for (size_t k = 0; k < depth; k++) {
    lanes b[VECTORS];
    for (size_t v = 0; v < VECTORS; v++) b[v] = *(const lanes_at *)(panel + k * PANEL + v * LANES);
    for (size_t r = 0; r < rows; r++) {
      float factor = a[r * a_stride + k];
      for (size_t v = 0; v < VECTORS; v++) sum[r][v] += factor * b[v];
    }
  }
  for (size_t r = 0; r < rows; r++) {
    for (size_t v = 0; v < VECTORS; v++) {
      lanes_at *target = (lanes_at *)(c + r * c_stride + v * LANES);
      *target = accumulate ? *target + sum[r][v] : sum[r][v];
    }
  }
}

AVX512_INLINE void tile_of(
    size_t rows, const float *a, size_t a_stride, const float *panel, float *c, size_t c_stride,
    size_t depth, bool accumulate) {
  switch (rows) {  // the number of rows must be a constant for the sums to be registers
    case 1: return tile(a, a_stride, panel, c, c_stride, depth, accumulate, 1);
    case 2: return tile(a, a_stride, panel, c, c_stride, depth, accumulate, 2);
    case 3: return tile(a, a_stride, panel, c, c_stride, depth, accumulate, 3);
    case 4: return tile(a, a_stride, panel, c, c_stride, depth, accumulate, 4);
    case 5: return tile(a, a_stride, panel, c, c_stride, depth, accumulate, 5);
    default: return tile(a, a_stride, panel, c, c_stride, depth, accumulate, ROWS);
  }
}

// A tile of which only `columns` are in c, by way of `whole`.
AVX512_INLINE void narrow_tile(
    size_t rows, const float *a, size_t a_stride, const float *panel, float *c, size_t c_stride,
    size_t depth, bool accumulate, size_t columns, float *whole) {
  tile_of(rows, a, a_stride, panel, whole, PANEL, depth, false);
  for (size_t r = 0; r < rows; r++) {
    for (size_t j = 0; j < columns; j++) {
      float *target = c + r * c_stride + j;
      *target = accumulate ? *target + whole[r * PANEL + j] : whole[r * PANEL + j];
    }
  }
}

#define INTERLEAVE_LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define INTERLEAVE_HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31

// 16 x 16, by interleaving the halves four times.
AVX512_INLINE void transpose(const float *source, size_t stride, float *target) {
  lanes rows[LANES], next[LANES];
  for (size_t r = 0; r < LANES; r++) rows[r] = *(const lanes_at *)(source + r * stride);
  for (int round = 0; round < 4; round++) {
    for (size_t r = 0; r < LANES / 2; r++) {
      next[2 * r] = __builtin_shufflevector(rows[r], rows[r + 8], INTERLEAVE_LOW);
      next[2 * r + 1] = __builtin_shufflevector(rows[r], rows[r + 8], INTERLEAVE_HIGH);
    }
    for (size_t r = 0; r < LANES; r++) rows[r] = next[r];
  }
  for (size_t r = 0; r < LANES; r++) *(lanes_at *)(target + r * PANEL) = rows[r];
}

// panel[k][j] = b[j][k] for `columns` rows of b, 0 for the others.
AVX512_INLINE void pack_transposed(
    const float *b, size_t stride, size_t columns, size_t depth, float *panel) {
  for (size_t j = 0; j < PANEL; j += LANES) {
    size_t k = 0;
    if (j + LANES <= columns) {
      for (; k + LANES <= depth; k += LANES) transpose(b + j * stride + k, stride, panel + k * PANEL + j);
    }
    for (; k < depth; k++) {
      for (size_t i = j; i < j + LANES; i++) panel[k * PANEL + i] = i < columns ? b[i * stride + k] : 0;
    }
  }
}

// panel[k][j] = b[k][j] for `columns` columns of b, 0 for the others.
AVX512_INLINE void pack_plain(
    const float *b, size_t stride, size_t columns, size_t depth, float *panel) {
  for (size_t k = 0; k < depth; k++) {
    for (size_t j = 0; j < PANEL; j++) panel[k * PANEL + j] = j < columns ? b[k * stride + j] : 0;
  }
}

AVX512 void ck_product_part(
    const ck_product *p, size_t first_panel, size_t last_panel, float *scratch) {
  float *panel = scratch, *whole = scratch + DEPTH * PANEL;
  for (size_t k = 0; k < p->inner; k += DEPTH) {
    size_t depth = smaller(DEPTH, p->inner - k);
    bool accumulate = p->accumulate || k > 0;
    for (size_t column = first_panel * PANEL; column < smaller(last_panel * PANEL, p->columns);
         column += PANEL) {
      size_t columns = smaller(PANEL, p->columns - column);
      if (p->b_transposed) {
        pack_transposed(p->b + column * p->b_stride + k, p->b_stride, columns, depth, panel);
      } else {
        pack_plain(p->b + k * p->b_stride + column, p->b_stride, columns, depth, panel);
      }
      for (size_t row = 0; row < p->rows; row += ROWS) {
        size_t rows = smaller(ROWS, p->rows - row);
        const float *a = p->a + row * p->a_stride + k;
        float *c = p->c + row * p->c_stride + column;
        if (columns == PANEL) {
          tile_of(rows, a, p->a_stride, panel, c, p->c_stride, depth, accumulate);
        } else {
          narrow_tile(rows, a, p->a_stride, panel, c, p->c_stride, depth, accumulate, columns, whole);
        }
      }
    }
  }
}

#else

void ck_product_part(
    const ck_product *p, size_t first_panel, size_t last_panel, float *scratch) {
  __builtin_trap();  // ck_has_avx512_server_set() is false here
}

#endif
