import Tensors
import Testing

/// Element at `index` of a tensor broadcast to that index's rank.
private func broadcastElement(_ tensor: Tensor, _ index: [Int]) -> Float {
  let own = index.suffix(tensor.rank)
  var position = 0
  for (size, i) in zip(tensor.shape, own) { position = position * size + (size == 1 ? 0 : i) }
  return tensor.values[position]
}

private func indices(_ shape: [Int]) -> [[Int]] {
  shape.reduce([[]]) { prefixes, size in prefixes.flatMap { prefix in (0..<size).map { prefix + [$0] } } }
}

private func counting(_ shape: [Int], from start: Float = 1) -> Tensor {
  Tensor(shape: shape, (0..<shape.reduce(1, *)).map { start + Float($0) })
}

@Suite struct ElementwiseTests {
  static let shapes: [([Int], [Int], [Int])] = [
    ([], [], []), ([3], [], [3]), ([], [2, 2], [2, 2]), ([2, 3], [2, 3], [2, 3]), ([2, 3], [3], [2, 3]),
    ([2, 1], [1, 3], [2, 3]), ([4, 1, 2], [3, 1], [4, 3, 2]), ([1], [2, 3, 4], [2, 3, 4]), ([0], [1], [0]),
    ([2, 0], [2, 1], [2, 0]), ([1, 3, 1, 2], [2, 1, 4, 1], [2, 3, 4, 2]),
  ]

  @Test(arguments: shapes)
  func broadcastsLikeNumPy(_ a: [Int], _ b: [Int], _ expected: [Int]) throws {
    let (x, y) = (counting(a), counting(b, from: 100))
    let result = try Tensor.elementwise(.subtract, x, y)
    #expect(result.shape == expected)
    let values = indices(expected).map { broadcastElement(x, $0) - broadcastElement(y, $0) }
    #expect(result.values == values)
  }

  @Test func eachOperationGivesItsResult() throws {
    let (a, b) = (Tensor(shape: [4], [7, -7, 2, 3]), Tensor(shape: [4], [3, 3, -3, 3]))
    let expected: [ElementwiseOperation: [Float]] = [
      .add: [10, -4, -1, 6], .subtract: [4, -10, 5, 0], .multiply: [21, -21, -6, 9],
      .divide: [7 / 3, -7 / 3, -2 / 3, 1], .remainder: [1, 2, -1, 0], .power: [343, -343, 0.125, 27],
      .minimum: [3, -7, -3, 3], .maximum: [7, 3, 2, 3], .equal: [0, 0, 0, 1], .notEqual: [1, 1, 1, 0],
      .less: [0, 1, 0, 0], .lessOrEqual: [0, 1, 0, 1], .greater: [1, 0, 1, 0],
      .greaterOrEqual: [1, 0, 1, 1],
    ]
    #expect(expected.count == ElementwiseOperation.allCases.count)
    for (operation, values) in expected {
      #expect(try Tensor.elementwise(operation, a, b).values == values, "\(operation)")
    }
  }

  @Test func nanSpreadsThroughArithmeticAndFailsComparisons() {
    for operation in ElementwiseOperation.allCases {
      for (a, b) in [(Float.nan, Float(1)), (1, .nan)] {
        switch operation {
        case .notEqual: #expect(operation(a, b) == 1)
        case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual: #expect(operation(a, b) == 0)
        case .power where a == 1: #expect(operation(a, b) == 1)  // as C says
        default: #expect(operation(a, b).isNaN, "\(operation)")
        }
      }
    }
    #expect(ElementwiseOperation.remainder(1, 0).isNaN)
  }

  @Test func shapesThatDoNotFitAreRefused() {
    let fault = TensorFault.shapeMismatch(operation: "add", [2, 3], [2])
    #expect(throws: fault) { try Tensor.elementwise(.add, counting([2, 3]), counting([2])) }
    #expect(
      fault.message == "cannot add tensors of shapes (2, 3) and (2,): compared from the last dimension, "
        + "sizes must be equal or 1")
    let comparison = TensorFault.shapeMismatch(operation: "compare", [4], [0])
    #expect(throws: comparison) { try Tensor.elementwise(.less, counting([4]), counting([0])) }
  }

  @Test func negationKeepsTheShape() throws {
    #expect(try Tensor(shape: [1, 2], [1, -2]).negated() == Tensor(shape: [1, 2], [-1, 2]))
  }
}
