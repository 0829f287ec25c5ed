import CKernels
import Faults
import Foundation
import Testing

@testable import Tensors

/// Values that no rounding makes exact, from a simple recurrence.
private func values(_ count: Int, seed: UInt32) -> [Float] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 1_664_525 &+ 1_013_904_223
    return Float(state >> 8) / Float(1 << 23) - 1
  }
}

private struct Operands {
  let (rows, inner, columns): (Int, Int, Int)
  let layout: MatrixLayout
  let a: [Float]
  let b: [Float]

  init(_ rows: Int, _ inner: Int, _ columns: Int, _ layout: MatrixLayout) {
    (self.rows, self.inner, self.columns, self.layout) = (rows, inner, columns, layout)
    a = values(rows * inner, seed: 1)
    b = values(inner * columns, seed: 2)
  }

  /// a b in Double, added to `start`.
  func expected(_ start: [Float]) -> [Double] {
    (0..<rows * columns).map { index in
      let (i, j) = (index / columns, index % columns)
      return (0..<inner).reduce(Double(start[index])) { sum, k in
        sum + Double(a[i * inner + k]) * Double(b[layout == .plain ? k * columns + j : j * inner + k])
      }
    }
  }

  func run(_ start: [Float], accumulating: Bool, own: Bool) -> [Float] {
    var c = start
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        c.withUnsafeMutableBufferPointer { c in
          let product = ck_product(
            rows: rows, inner: inner, columns: columns, a: a.baseAddress!, a_stride: inner,
            b: b.baseAddress!, b_stride: layout == .plain ? columns : inner,
            b_transposed: layout == .transposed, c: c.baseAddress!, c_stride: columns,
            accumulate: accumulating)
          own ? product.runOwn() : product.runOpenBLAS()
        }
      }
    }
    return c
  }
}

@Suite struct ProductTests {
  /// Sizes below, at and above the kernels' tiles (6 rows, 64 columns, 384 deep).
  static let sizes = [
    (1, 1, 1), (5, 3, 2), (6, 16, 64), (7, 17, 65), (13, 400, 70), (25, 384, 128), (12, 769, 100),
    (64, 30, 1),
  ]

  @Test(arguments: sizes, [MatrixLayout.plain, .transposed])
  func productsAgreeWithDouble(_ size: (Int, Int, Int), _ layout: MatrixLayout) {
    let operands = Operands(size.0, size.1, size.2, layout)
    let start = values(size.0 * size.2, seed: 3)
    for accumulating in [false, true] {
      let expected = operands.expected(accumulating ? start : start.map { _ in 0 })
      for own in [false, true] where !own || BLAS.usesOwnKernels {
        let found = operands.run(start, accumulating: accumulating, own: own)
        let worst = zip(found, expected).map { abs(Double($0) - $1) }.max() ?? 0
        // Rounding grows at most like the number of terms; here about like its square root.
        #expect(worst < 1e-6 * Double(size.1).squareRoot() + 1e-7, "own: \(own), difference \(worst)")
      }
    }
  }

  @Test(.enabled(if: BLAS.usesOwnKernels)) func ownProductsOfARowDoNotDependOnTheOthers() {
    let whole = Operands(20, 500, 130, .transposed)
    let zeros = [Float](repeating: 0, count: 20 * 130)
    let together = whole.run(zeros, accumulating: false, own: true)
    for row in 0..<20 {
      var c = [Float](repeating: 0, count: 130)
      whole.a.withUnsafeBufferPointer { a in
        c.withUnsafeMutableBufferPointer { c in
          try? BLAS.multiply(
            a.baseAddress! + row * 500, rows: 1, inner: 500, by: whole.b, .transposed, columns: 130,
            into: c.baseAddress!, check: {})
        }
      }
      #expect(c == Array(together[row * 130..<(row + 1) * 130]))
    }
  }

  @Test func stridesSelectColumns() throws {
    // a: columns 1...2 of (2, 4); c: columns 1...2 of (2, 5).
    let a: [Float] = [9, 1, 2, 9, 9, 3, 4, 9]
    let b: [Float] = [1, 10, 100, 1000]
    var c = [Float](repeating: -1, count: 10)
    try a.withUnsafeBufferPointer { a in
      try c.withUnsafeMutableBufferPointer { c in
        try BLAS.multiply(
          a.baseAddress! + 1, stride: 4, rows: 2, inner: 2, by: b, .plain, columns: 2,
          into: c.baseAddress! + 1, resultStride: 5, check: {})
      }
    }
    #expect(c == [-1, 201, 2010, -1, -1, -1, 403, 4030, -1, -1])
  }

  @Test func noRowsIsNoWork() throws {
    var c: [Float] = [7]
    try BLAS.multiply([], rows: 0, inner: 2, by: [1, 2], .plain, columns: 1, into: &c, check: {})
    #expect(c == [7])
  }

  @Test func anInterruptionEndsTheProduct() {
    var c = [Float](repeating: 7, count: 4)
    #expect(throws: Interrupted()) {
      try BLAS.multiply([1, 2], rows: 2, inner: 1, by: [1, 2], .plain, columns: 2, into: &c) {
        throw Interrupted()
      }
    }
    #expect(c == [7, 7, 7, 7])
  }

  @Test(arguments: [(1, 1), (550, 4_718_592), (100_000, 4_718_592), (3, 9_000_000_000)])
  func tilesCoverTheRowsInShortSteps(_ rows: Int, _ operationsPerRow: Int) {
    let tiles = BLAS.tiles(of: rows, operationsPerRow: operationsPerRow)
    #expect(tiles.flatMap { Array($0) } == Array(0..<rows))
    #expect(tiles.allSatisfy { $0.count == 1 || $0.count * operationsPerRow <= 4_000_000_000 })
  }
}

@Suite(.serialized) struct WorkersTests {
  @Test(arguments: [0, 1, 2, 7, 1000], [1, 10])
  func partsCoverTheCountOnce(_ count: Int, _ minimum: Int) {
    var visits = [Int32](repeating: 0, count: count + 1)
    visits.withUnsafeMutableBufferPointer { visits in
      nonisolated(unsafe) let visits = visits
      Workers.split(count, minimum: minimum) { part in for i in part { visits[i] += 1 } }
    }
    #expect(visits == [Int32](repeating: 1, count: count) + [0])
  }
}

@Suite struct KernelSelectionTests {
  @Test func aChoiceOfTheUserStays() {
    #expect(KernelSelection.coreTypeToSelect(environment: ["OPENBLAS_CORETYPE": "Haswell"]) == nil)
    #expect(KernelSelection.coreTypeToSelect(environment: ["OPENBLAS_CORETYPE": ""]) == nil)
  }

  @Test func onlyProcessorsWithAVX512NeedOne() throws {
    let path = "/proc/cpuinfo"
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return }
    let flags = Set(text.split(whereSeparator: \.isWhitespace))
    let hasAll = ["avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd"].allSatisfy {
      flags.contains($0[...])
    }
    #expect(KernelSelection.coreTypeToSelect(environment: [:]) == (hasAll ? "SkylakeX" : nil))
  }

  @Test func theLibraryNamesItself() {
    #expect(BLAS.version().hasPrefix("OpenBLAS"))
    #expect(!BLAS.coreName.isEmpty)
    #expect(BLAS.threads >= 1)
  }
}
