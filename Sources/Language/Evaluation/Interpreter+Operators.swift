import ExactText
import Faults
import Results
import Scripting
import SystemCalls
import Tensors

extension Interpreter {
  func apply(_ op: UnaryOperator, _ value: Value) throws -> Value {
    let value = try known(value)
    switch (op, value) {
    case (.negate, .number(let x)): return .number(-x)
    case (.plus, .number(let x)): return .number(x)
    case (.negate, .tensor(let t)):
      try checkMemory(ofShape: t.shape)
      return .tensor(try t.negated())
    case (.plus, .tensor): return value
    case (.not, .bool(let flag)): return .bool(!flag)
    default:
      throw ValueFault.wrongType(
        expected: op == .not ? "true or false" : "a number or tensor", found: value.typeName,
        what: "`\(op.rawValue)`")
    }
  }

  func binary(_ op: BinaryOperator, _ left: Expression, _ right: Expression, at span: Span) throws -> Value {
    if op == .and || op == .or { return try logical(op, left, right) }
    let (a, b) = (try evaluate(left), try evaluate(right))
    return try locating(span) { try apply(op, a, b).sizeChecked() }
  }

  /// The right side is evaluated only when it decides.
  private func logical(_ op: BinaryOperator, _ left: Expression, _ right: Expression) throws -> Value {
    let first: Bool
    do { first = try truth(left, op) } catch let skipped as ComputationSkipped {
      if let dryRun { try possibly({ _ = try truth(right, op) }, dryRun) }
      throw skipped
    }
    return .bool(op == .and ? try first && truth(right, op) : try first || truth(right, op))
  }

  private func truth(_ expression: Expression, _ op: BinaryOperator) throws -> Bool {
    let value = try evaluate(expression)
    guard case .bool(let flag) = try known(value) else {
      throw ValueFault.wrongType(expected: "true or false", found: value.typeName, what: "`\(op.rawValue)`")
        .located(expression.span)
    }
    return flag
  }

  func apply(_ op: BinaryOperator, _ a: Value, _ b: Value) throws -> Value {
    let (a, b) = (try knownThroughout(a), try knownThroughout(b))
    if op == .matrixProduct { return try matrixProduct(a, b) }
    if op == .in || op == .notIn { return .bool(try isIn(a, b) == (op == .in)) }
    switch (a, b) {
    case (.number(let x), .number(let y)): return try arithmetic(op, x, y)
    case (.tensor(let x), .tensor(let y)): return try .tensor(elementwise(op, x, y))
    case (.tensor(let x), .number(let y)): return try .tensor(elementwise(op, x, Tensor(scalar: Float(y))))
    case (.number(let x), .tensor(let y)): return try .tensor(elementwise(op, Tensor(scalar: Float(x)), y))
    case (.string(let x), .string(let y)):
      if op == .add { return .string(x + y) }
      if let holds = ordered(op, Name(x), Name(y)) { return .bool(holds) }
    case (.list(let x), .list(let y)) where op == .add: return .list(try concatenated([x, y]))
    default: break
    }
    if op == .equal || op == .notEqual { return .bool(try a.isEqual(to: b) == (op == .equal)) }
    throw ValueFault.badOperands(op.rawValue, a.typeName, b.typeName)
  }

  private func arithmetic(_ op: BinaryOperator, _ x: Double, _ y: Double) throws -> Value {
    if let holds = ordered(op, x, y) { return .bool(holds) }
    switch op {
    case .add: return .number(x + y)
    case .subtract: return .number(x - y)
    case .multiply: return .number(x * y)
    // C has the powers of negative numbers, as Python does; those of swift-numerics are NaN.
    case .power: return .number(pow(x, y))
    case .divide, .remainder:
      guard y != 0 else { throw ValueFault.divisionByZero }
      return .number(op == .divide ? x / y : remainder(x, y))
    default: throw ValueFault.badOperands(op.rawValue, "number", "number")
    }
  }

  /// The remainder of the division rounded towards minus infinity: it has the divisor's sign, as in Python and as with
  /// tensors. `fmod` is exact, which `x - y * floor(x / y)` is not: the quotient is rounded.
  private func remainder(_ x: Double, _ y: Double) -> Double {
    let remainder = fmod(x, y)
    return remainder != 0 && (remainder < 0) != (y < 0) ? remainder + y : remainder
  }

  /// `part in whole`
  private func isIn(_ part: Value, _ whole: Value) throws -> Bool {
    if let found = try whole.contains(part) { return found }
    throw ValueFault.badOperands(BinaryOperator.in.rawValue, part.typeName, whole.typeName)
  }

  /// `a @ b`
  func matrixProduct(_ a: Value, _ b: Value) throws -> Value {
    guard let x = try matrix(a), let y = try matrix(b) else {
      throw ValueFault.badOperands(BinaryOperator.matrixProduct.rawValue, a.typeName, b.typeName)
    }
    try checkMemory(ofShape: Tensor.matrixProductShape(x.shape, y.shape))
    return Value(unwrapping: try Tensor.matrixProduct(x, y))
  }

  /// A tensor, also of nested lists, or what a node carries for the current text; nil for another value.
  private func matrix(_ value: Value) throws -> Tensor? {
    switch value {
    case .tensor(let tensor): tensor
    case .list: try Function.tensor(of: value)
    case .object(let object): try domain.tensor(of: object, for: "matmul", in: self)
    default: nil
    }
  }

  private func ordered<T: Comparable>(_ op: BinaryOperator, _ x: T, _ y: T) -> Bool? {
    switch op {
    case .equal: x == y
    case .notEqual: x != y
    case .less: x < y
    case .lessOrEqual: x <= y
    case .greater: x > y
    case .greaterOrEqual: x >= y
    default: nil
    }
  }

  /// Refuses a result that exceeds the memory budget: broadcasting multiplies sizes.
  private func checkMemory(ofBroadcast x: Tensor, _ y: Tensor) throws {
    try Tensor.broadcastShape(x.shape, y.shape).map(checkMemory(ofShape:))
  }

  func checkMemory(ofShape shape: [Int]) throws {
    let bytes = shape.reduce(Double(MemoryLayout<Float>.stride)) { $0 * Double($1) }
    guard bytes <= Double(session.settings.maxMemory) else {
      throw MemoryFault(needed: Int(min(bytes, 0x1p62)), budget: session.settings.maxMemory)
    }
    try memory?.require(Int(bytes))
  }

  private func elementwise(_ op: BinaryOperator, _ x: Tensor, _ y: Tensor) throws -> Tensor {
    try checkMemory(ofBroadcast: x, y)
    let operation: ElementwiseOperation =
      switch op {
      case .add: .add
      case .subtract: .subtract
      case .multiply: .multiply
      case .divide: .divide
      case .remainder: .remainder
      case .power: .power
      case .equal: .equal
      case .notEqual: .notEqual
      case .less: .less
      case .lessOrEqual: .lessOrEqual
      case .greater: .greater
      case .greaterOrEqual: .greaterOrEqual
      case .and, .or, .in, .notIn, .matrixProduct:
        throw ValueFault.badOperands(op.rawValue, "tensor", "tensor")
      }
    return try Tensor.elementwise(operation, x, y)
  }
}

extension Value {
  /// Same type and same content; NaN differs from everything, objects are compared by their fields.
  ///
  /// - Throws: ``Interrupted``.
  package func isEqual(to other: Value) throws -> Bool {
    switch (self, other) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.range(let a), .range(let b)): a == b
    case (.tensor(let a), .tensor(let b)): a == b
    case (.list(let a), .list(let b)):
      try a.count == b.count && zip(a, b).interruptibleAllSatisfy { try $0.isEqual(to: $1) }
    case (.record(let a), .record(let b)): try Self.areEqual(a, b)
    case (.table(let a), .table(let b)):
      try a.columns == b.columns && a.rows.count == b.rows.count
        && zip(a.rows, b.rows).interruptibleAllSatisfy { row, other in
          try zip(row, other).allSatisfy { try $0.isEqual(to: $1) }
        }
    case (.object(let a), .object(let b)): try a.typeName == b.typeName && Self.areEqual(a.fields, b.fields)
    default: false
    }
  }

  private static func areEqual(_ a: Record, _ b: Record) throws -> Bool {
    try a.count == b.count
      && a.interruptibleAllSatisfy { key, value in try b[key].map { try value.isEqual(to: $0) } ?? false }
  }
}
