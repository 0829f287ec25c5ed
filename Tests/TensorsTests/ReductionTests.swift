import Testing

@testable import Tensors

/// Expected values are NumPy's, computed in float64.
@Suite struct ReductionTests {
  /// (2, 2, 3)
  private let tensor = Tensor(shape: [2, 2, 3], [1, -2, 3.5, 0, 4, 1, 2, 2, -1, 7, 0.25, -3])

  @Test(arguments: [
    (Reduction.sum, 14.75), (.mean, 1.2291666666666667), (.std, 2.6328421219072156), (.max, 7), (.min, -3),
    (.argmax, 9), (.argmin, 11), (.norm, 10.065411069598698),
  ])
  func reducesToOneNumber(_ reduction: Reduction, _ expected: Double) throws {
    #expect(abs(try tensor.reduced(reduction) - expected) < 1e-14)
  }

  private static let alongAxes: [(Reduction, [[Float]])] = [
    (.sum, [[3, 0, 2.5, 7, 4.25, -2], [1, 2, 4.5, 9, 2.25, -4], [2.5, 5, 3, 4.25]]),
    (
      .mean,
      [
        [1.5, 0, 1.25, 3.5, 2.125, -1], [0.5, 1, 2.25, 4.5, 1.125, -2], [0.8333333, 1.6666667, 1, 1.4166667],
      ]
    ),
    (
      .std,
      [
        [0.5, 2, 2.25, 3.5, 1.875, 2], [0.5, 3, 1.25, 2.5, 0.875, 1],
        [2.2484562605, 1.6996731712, 1.4142135624, 4.1649996665],
      ]
    ),
    (.max, [[2, 2, 3.5, 7, 4, 1], [1, 4, 3.5, 7, 2, -1], [3.5, 4, 2, 7]]),
    (.min, [[1, -2, -1, 0, 0.25, -3], [0, -2, 1, 2, 0.25, -3], [-2, 0, -1, -3]]),
    (.argmax, [[1, 1, 0, 1, 0, 0], [0, 1, 0, 1, 0, 0], [2, 1, 0, 0]]),
    (.argmin, [[0, 0, 1, 0, 1, 1], [1, 0, 1, 0, 1, 1], [1, 0, 2, 2]]),
    (
      .norm,
      [
        [2.2360679775, 2.8284271247, 3.6400549446, 7, 4.0078048855, 3.1622776602],
        [1, 4.472135955, 3.6400549446, 7.2801098893, 2.0155644371, 3.1622776602],
        [4.1533119315, 4.1231056256, 3, 7.6198753271],
      ]
    ),
  ]

  @Test(arguments: alongAxes.indices)
  func reducesAlongAnAxis(_ index: Int) throws {
    let (reduction, expected) = Self.alongAxes[index]
    for (axis, values) in expected.enumerated() {
      for spelling in [axis, axis - 3] {
        let result = try tensor.reduced(reduction, axis: spelling)
        #expect(result.shape == (axis == 2 ? [2, 2] : [2, 3]))
        for (a, b) in zip(result.values, values) { #expect(abs(a - b) <= 2e-7 * max(1, abs(b))) }
      }
    }
  }

  @Test(
    arguments: [
      (0, 2, [0.9890130574, 0.0109869426]), (1, 0, [0.7310585786, 0.2689414214]),
      (2, 9, [0.9987851980, 0.0011694572]),
    ] as [(Int, Int, [Float])])
  func softmaxIsThatOfNumPy(_ axis: Int, _ first: Int, _ expected: [Float]) throws {
    let result = try tensor.softmax(axis: axis)
    let stride = [6, 3, 1][axis]
    for (step, value) in expected.enumerated() {
      #expect(abs(result.values[first + step * stride] - value) < 1e-7)
    }
    for sum in try result.reduced(.sum, axis: axis).values { #expect(abs(sum - 1) < 1e-6) }
  }

  @Test func softmaxOfLargeNumbersIsFinite() throws {
    #expect(try Tensor.softmax([1000, 1000]) == [0.5, 0.5])
    #expect(try Tensor.softmax([]).isEmpty)
  }

  @Test func theExtremesOfNaNAreNaN() throws {
    let numbers = [1, .nan, 3, .nan]
    #expect(try Reduction.max(numbers)?.isNaN == true)
    #expect(try Reduction.min(numbers)?.isNaN == true)
    #expect(try Reduction.argmax(numbers) == 1)
  }

  @Test func nothingHasNoMean() throws {
    let empty = Tensor(shape: [2, 0], [])
    #expect(try empty.reduced(.sum, axis: 1).values == [0, 0])
    #expect(throws: TensorFault.emptyReduction("mean")) { try empty.reduced(.mean, axis: 1) }
    #expect(throws: TensorFault.emptyReduction("max")) { try empty.reduced(.max) }
    #expect(try empty.reduced(.max, axis: 0).shape == [0])
  }

  @Test(arguments: [3, -4]) func axesAreChecked(_ axis: Int) {
    #expect(throws: TensorFault.axisOutOfRange(axis, shape: [2, 2, 3])) {
      try tensor.reduced(.sum, axis: axis)
    }
    #expect(throws: TensorFault.axisOutOfRange(axis, shape: [2, 2, 3])) { try tensor.softmax(axis: axis) }
  }
}
