import COpenBLAS

/// Rows of numbers, `stride` apart.
struct Matrix {
  let base: UnsafePointer<Float>
  let stride: Int

  init(_ base: UnsafePointer<Float>, stride: Int) { (self.base, self.stride) = (base, stride) }
}

/// The operands of c = a b or c += a b.
struct Product {
  let a: Matrix
  let b: UnsafePointer<Float>
  let layout: MatrixLayout
  let factorStride: Int
  let c: UnsafeMutablePointer<Float>
  let resultStride: Int
  let inner: Int
  let isAccumulating: Bool

  /// Some rows of a with zeros behind them, (padded, inner).
  func staged(_ rows: Range<Int>, padded: Int) -> Storage {
    let staged = Storage(uninitializedCount: padded * inner)
    for (place, row) in rows.enumerated() {
      (staged.base + place * inner).update(from: a.base + row * a.stride, count: inner)
    }
    (staged.base + rows.count * inner).update(repeating: 0, count: (padded - rows.count) * inner)
    return staged
  }

  /// A part of c, on this thread.
  ///
  /// - Parameter staged: the part's rows of a, where zeros are behind them
  func multiply(_ part: ProductGrid.Part, staged: Storage?) {
    let isPadded = part.padded > part.rows.count
    let rows =
      if isPadded, let staged {
        Matrix(staged.base, stride: inner)
      } else {
        Matrix(a.base + part.rows.lowerBound * a.stride, stride: a.stride)
      }
    let (kept, computed) = (part.columns.kept, part.columns.computed)
    if !isPadded, kept == computed {
      let place = c + part.rows.lowerBound * resultStride + kept.lowerBound
      return multiply(rows, part.padded, computed, into: place, stride: resultStride)
    }
    let (width, margin) = (computed.count, kept.lowerBound - computed.lowerBound)
    withScratch(count: part.padded * width) { scratch in
      func eachRow(
        _ body: (_ result: UnsafeMutablePointer<Float>, _ row: UnsafeMutablePointer<Float>) -> Void
      ) {
        for (place, row) in part.rows.enumerated() {
          body(c + row * resultStride + kept.lowerBound, scratch + place * width + margin)
        }
      }
      if isAccumulating {
        scratch.update(repeating: 0, count: part.padded * width)
        eachRow { $1.update(from: $0, count: kept.count) }
      }
      multiply(rows, part.padded, computed, into: scratch, stride: width)
      eachRow { $0.update(from: $1, count: kept.count) }
    }
  }

  /// - Parameters:
  ///   - a: (rows, inner)
  ///   - c: (rows, columns), rows `stride` apart
  private func multiply(
    _ a: Matrix, _ rows: Int, _ columns: Range<Int>, into c: UnsafeMutablePointer<Float>, stride: Int
  ) {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, layout == .transposed ? CblasTrans : CblasNoTrans, Int32(rows),
      Int32(columns.count), Int32(inner), 1, a.base, Int32(a.stride),
      b + columns.lowerBound * (layout == .plain ? 1 : factorStride), Int32(factorStride),
      isAccumulating ? 1 : 0,
      c, Int32(stride))
  }
}
