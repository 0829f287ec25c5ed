import Faults

/// What can be wrong with an operation on tensors.
public enum TensorFault: Fault, Equatable {
  /// Neither equal nor 1 in some dimension, so they cannot be broadcast.
  case shapeMismatch(operation: String, [Int], [Int])
  case indexOutOfRange(Int, dimension: Int, size: Int, shape: [Int])
  case rangeOutOfBounds(Range<Int>, dimension: Int, size: Int, shape: [Int])
  case tooManySubscripts(Int, shape: [Int])
  case axisOutOfRange(Int, shape: [Int])
  /// A part of shape `part` where there is room for another.
  case unlikePart([Int], part: [Int])
  case scalarInProduct([Int], [Int])
  /// The sizes over which a product of matrices adds up differ.
  case unlikeInner([Int], [Int])
  /// Nothing to take the mean or the largest of.
  case emptyReduction(String)

  public var code: String {
    switch self {
    case .shapeMismatch: "tensor-shape-mismatch"
    case .indexOutOfRange: "tensor-index-out-of-range"
    case .rangeOutOfBounds: "tensor-range-out-of-bounds"
    case .tooManySubscripts: "tensor-too-many-subscripts"
    case .axisOutOfRange: "tensor-axis-out-of-range"
    case .emptyReduction: "tensor-empty"
    case .unlikePart, .unlikeInner, .scalarInProduct: "tensor-shape-mismatch"
    }
  }

  public var message: String {
    switch self {
    case .shapeMismatch(let operation, let a, let b):
      "cannot \(operation) tensors of shapes \(a.asShape) and \(b.asShape): "
        + "compared from the last dimension, sizes must be equal or 1"
    case .indexOutOfRange(let index, let dimension, let size, let shape):
      size == 0
        ? "index \(index) in dimension \(dimension) of a tensor of shape \(shape.asShape), which is empty there"
        : "index \(index) is out of range 0...\(size - 1) in dimension \(dimension) "
          + "of a tensor of shape \(shape.asShape)"
    case .rangeOutOfBounds(let range, let dimension, let size, let shape):
      "range \(range.lowerBound)..<\(range.upperBound) exceeds 0..<\(size) in dimension \(dimension) "
        + "of a tensor of shape \(shape.asShape)"
    case .tooManySubscripts(let count, let shape):
      "\(count) subscripts for a tensor of \(shape.count) dimensions (shape \(shape.asShape))"
    case .axisOutOfRange(let axis, let shape):
      shape.isEmpty
        ? "a scalar has no axis \(axis)"
        : "axis \(axis) is out of range 0...\(shape.count - 1) of a tensor of shape \(shape.asShape)"
    case .unlikePart(let shape, let part):
      "a tensor of shape \(shape.asShape) does not fit into the part of shape \(part.asShape)"
    case .scalarInProduct(let a, let b):
      "cannot multiply tensors of shapes \(a.asShape) and \(b.asShape) as matrices: each needs a dimension"
    case .unlikeInner(let a, let b):
      "cannot multiply matrices of shapes \(a.asShape) and \(b.asShape): the last size of the first is "
        + "\(a.last ?? 0), \(b.count == 1 ? "the size" : "the last but one") of the second "
        + "\(b.dropLast(b.count == 1 ? 0 : 1).last ?? 0)"
    case .emptyReduction(let name): "`\(name)` of no elements is not defined"
    }
  }
}

extension [Int] {
  /// `(2, 3)`; a scalar's shape is `()`, a vector's `(3,)`.
  package var asShape: String {
    count == 1 ? "(\(self[0]),)" : "(\(map(String.init).joined(separator: ", ")))"
  }
}
