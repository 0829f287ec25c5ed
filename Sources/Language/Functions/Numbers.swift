import Faults
import Results
import Scripting
import Tensors

/// What functions of numbers take: one, many, or a tensor.
enum Numbers {
  case one(Double)
  case list([Double])
  case tensor(Tensor)

  /// A node stands for what it carries for the current text.
  init(_ argument: Arguments.Bound, _ interpreter: Interpreter) throws {
    let expected = "a number, a list of numbers, a range, a tensor or a node"
    if let tensor = try interpreter.tensor(ofObject: argument, for: "x") {
      self = .tensor(tensor)
      return
    }
    switch argument.value {
    case .number(let number): self = .one(number)
    case .tensor(let tensor): self = .tensor(tensor)
    case .range, .list: self = .list(try argument.numbers(expected: expected))
    default: throw argument.mismatch(expected: expected)
    }
  }

  /// The elements as a tensor: a list becomes a vector.
  var tensor: Tensor {
    switch self {
    case .one(let number): Tensor(scalar: Float(number))
    case .list(let numbers): Tensor(shape: [numbers.count], numbers.map { Float($0) })
    case .tensor(let tensor): tensor
    }
  }

  /// `transform` of each number, in the form the numbers have.
  func map(_ transform: (Double) -> Double) throws -> Value {
    switch self {
    case .one(let number): return .number(transform(number))
    case .list(let numbers): return .list(try numbers.interruptibleMap { .number(transform($0)) })
    case .tensor(let tensor):
      try MemoryBudget.current?.require(tensor.count * MemoryLayout<Float>.stride)
      return Value(unwrapping: try tensor.map { Float(transform(Double($0))) })
    }
  }
}

extension Arguments.Bound {
  /// The elements of a list or range of numbers.
  func numbers(expected: String = "a list of numbers or a range") throws -> [Double] {
    if case .range(let range) = value {
      try checkCount(Double(range.count))
      return try (range.lower..<range.upper).interruptibleMap(Double.init)
    }
    return try elements(expected: expected).interruptibleMap { element in
      guard case .number(let number) = element else {
        throw ValueFault.wrongType(
          expected: expected, found: "a list that holds \(withArticle(element.typeName))",
          what: "the function"
        ).located(span)
      }
      return number
    }
  }

  /// The elements of a list, range or vector, at most ``ValueLimits/elements`` of a range.
  func elements(expected: String = "a list") throws -> [Value] {
    switch value.tabular {
    case .list(let elements): return elements
    case .range(let range):
      try checkCount(Double(range.count))
      return try (range.lower..<range.upper).interruptibleMap { Value($0) }
    case .tensor(let tensor) where tensor.rank > 0:
      try checkCount(Double(tensor.shape[0]))
      if tensor.rank > 1 { return try (0..<tensor.shape[0]).interruptibleMap { .tensor(tensor[$0]) } }
      return try tensor.interruptibleValues { Value($0) }
    default: throw mismatch(expected: expected)
    }
  }

  /// A list is written out in memory, so it must not be astronomically long.
  func checkCount(_ count: Double) throws {
    guard count <= Double(ValueLimits.elements) else {
      throw LimitFault.tooManyElements(limit: ValueLimits.elements).located(span)
    }
  }
}

extension Interpreter {
  /// The numbers that an object stands for; nil for another value or an object that stands for none.
  func tensor(ofObject argument: Arguments.Bound, for verb: String) throws -> Tensor? {
    guard case .object(let object) = argument.value else { return nil }
    return try locating(argument.span) { try domain.tensor(of: object, for: verb, in: self) }
  }
}
