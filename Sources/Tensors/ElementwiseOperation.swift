import SystemCalls

/// An operation on two numbers that a tensor operation applies to each pair of elements.
public enum ElementwiseOperation: String, Sendable, CaseIterable {
  case add, subtract, multiply, divide
  /// The remainder of the division rounded towards minus infinity, as in NumPy and Python: it has the
  /// divisor's sign. NaN for a divisor of 0.
  case remainder
  /// As C's `powf`: NaN for a negative base and a fractional exponent.
  case power
  case minimum, maximum
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual

  /// The result for one pair; comparisons give 1 or 0, and 0 for NaN (`notEqual`: 1).
  /// `minimum` and `maximum` are NaN when either side is.
  public func callAsFunction(_ a: Float, _ b: Float) -> Float { function(a, b) }

  /// As a verb, for messages: "cannot add tensors of ...".
  var verb: String {
    switch self {
    case .add, .subtract, .multiply, .divide: rawValue
    case .remainder: "take the remainder of"
    case .power: "raise to a power"
    case .minimum, .maximum: "take the \(rawValue) of"
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: "compare"
    }
  }

  var function: @Sendable (Float, Float) -> Float {
    switch self {
    case .add: { $0 + $1 }
    case .subtract: { $0 - $1 }
    case .multiply: { $0 * $1 }
    case .divide: { $0 / $1 }
    case .remainder: flooredRemainder
    case .power: { powf($0, $1) }
    case .minimum: { $0.isNaN || $0 < $1 ? $0 : $1 }
    case .maximum: { $0.isNaN || $0 > $1 ? $0 : $1 }
    case .equal: { $0 == $1 ? 1 : 0 }
    case .notEqual: { $0 != $1 ? 1 : 0 }
    case .less: { $0 < $1 ? 1 : 0 }
    case .lessOrEqual: { $0 <= $1 ? 1 : 0 }
    case .greater: { $0 > $1 ? 1 : 0 }
    case .greaterOrEqual: { $0 >= $1 ? 1 : 0 }
    }
  }
}

@Sendable private func flooredRemainder(_ a: Float, _ b: Float) -> Float {
  let remainder = fmodf(a, b)
  return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
}
