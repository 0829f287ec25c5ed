import Faults
import Results
import Scripting
import Tensors

extension Function {
  /// Numbers to other numbers.
  static let transformations: [Function] = [
    Function(
      "tensor", "a tensor of nested lists of numbers",
      [.required("x", .any, "numbers, lists of equal length")],
      example: "let t = tensor([[1, 2], [3, 4]])\nprint t.shape t[1, 0]"
    ) { arguments, interpreter in
      let argument = arguments.required("x")
      if let tensor = try interpreter.tensor(ofObject: argument, for: "tensor") { return .tensor(tensor) }
      return .tensor(try interpreter.locating(argument.span) { try tensor(of: argument.value) })
    },
    Function(
      "softmax", "exp(x) / sum(exp(x))",
      [
        .required("x", .any, "a list or tensor"),
        .option("axis", .integer(minimum: -8, maximum: 7), "the dimension that sums to 1 (-1, the last)"),
      ], example: "print softmax([0, 0])\nprint softmax(tensor([[1, 1], [0, 0]]), axis=0)"
    ) { arguments, interpreter in
      let axis = arguments.integer("axis")
      switch try Numbers(arguments.required("x"), interpreter) {
      case .list(let numbers) where axis == nil:
        return .list(try Tensor.softmax(numbers).interruptibleMap { .number($0) })
      case let numbers: return .tensor(try numbers.tensor.softmax(axis: axis ?? -1))
      }
    },
    Function(
      "dot", "scalar product of two vectors",
      [.required("a", .any, "a list or vector"), .required("b", .any, "as long as a")],
      example: "print dot([1, 2], [3, 4])"
    ) { arguments, interpreter in
      let (a, b) = try vectors(arguments, interpreter)
      return .number(try product(a, b))
    },
    Function(
      "cosine", "cosine of the angle between two vectors",
      [.required("a", .any, "a list or vector"), .required("b", .any, "as long as a")],
      example: "print cosine([1, 0], [1, 1])"
    ) { arguments, interpreter in
      let (a, b) = try vectors(arguments, interpreter)
      let product = try product(a, b)
      let lengths = try (Reduction.norm(a) ?? 0) * (Reduction.norm(b) ?? 0)
      guard lengths > 0 else { throw ValueFault.divisionByZero }
      return .number(product / lengths)
    },
    Function(
      "top", "the largest numbers and where they stand",
      [
        .required("x", .any, "a list or tensor"),
        .optional("k", .integer(minimum: 1, maximum: 1000), "how many (5)"),
      ], discussion: "A table of index and value, largest first; NaN is left out.",
      example: "top([1, 5, 3], 2)"
    ) { arguments, interpreter in
      let argument = arguments.required("x")
      let (values, shape): ([Double], [Int])
      switch try Numbers(argument, interpreter) {
      case .one: throw argument.mismatch(expected: "a list or tensor")
      case .list(let numbers): (values, shape) = (numbers, [numbers.count])
      case .tensor(let tensor):
        (values, shape) = (try tensor.interruptibleValues(Double.init), tensor.shape)
      }
      let rows = try largest(arguments.integer("k") ?? 5, of: values).map { place in
        [indices(of: place, in: shape), .number(values[place])]
      }
      return .table(Table(columns: ["index", "value"], rows: rows))
    },
    Function(
      "matmul", "product of two matrices, or of matrices and vectors",
      [
        .required("a", .any, "a tensor, nested lists or a node"),
        .required("b", .any, "as many rows as a has columns"),
      ],
      discussion: """
        (..., n, k) and (..., k, m) make (..., n, m): leading dimensions broadcast as in NumPy; a vector is a row on the left and a
        column on the right. `a @ b`, with blanks around it, is the same.
        """,
      example: "print matmul(tensor([[1, 2], [3, 4]]), tensor([1, 1]))\nprint tensor([1, 2]) @ tensor([3, 4])"
    ) { arguments, interpreter in
      try interpreter.locating(arguments.span) {
        try interpreter.matrixProduct(arguments.required("a").value, arguments.required("b").value)
      }
    },
    Function(
      "transpose", "a tensor with its dimensions in another order",
      [
        .required("x", .any, "a tensor, nested lists or a node"),
        .optional(
          "axes", .any, "which dimension comes where, as a list; without it from the last to the first"),
      ],
      discussion: "Dimension i of the result is dimension axes[i] of x; negative numbers count from the end.",
      example:
        "print transpose(tensor([[1, 2, 3], [4, 5, 6]]))\nprint transpose(tensor([[[1, 2]]]), [2, 0, 1]).shape"
    ) { arguments, interpreter in try transposed(arguments, interpreter) },
  ]

  private static func transposed(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    let argument = arguments.required("x")
    let tensor = try interpreter.locating(argument.span) {
      try interpreter.tensor(ofObject: argument, for: "transpose") ?? self.tensor(of: argument.value)
    }
    let axes = try arguments["axes"].map { try order($0, of: tensor) } ?? (0..<tensor.rank).reversed()
    try interpreter.checkMemory(ofShape: tensor.shape)
    return Value(unwrapping: try tensor.interruptiblyPermuted(axes))
  }

  /// Each dimension once.
  private static func order(_ axes: Arguments.Bound, of tensor: Tensor) throws -> [Int] {
    let order = try axes.numbers().map { number in
      guard let axis = Int(exactly: number), (-tensor.rank..<tensor.rank).contains(axis) else {
        throw ValueFault.notAnOrder(of: tensor.rank).located(axes.span)
      }
      return axis < 0 ? axis + tensor.rank : axis
    }
    guard order.sorted() == Array(0..<tensor.rank) else {
      throw ValueFault.notAnOrder(of: tensor.rank).located(axes.span)
    }
    return order
  }

  /// The places of the `count` largest numbers, largest first, equal ones in their order.
  private static func largest(_ count: Int, of values: [Double]) throws -> [Int] {
    var best: [Int] = []
    var steps = Steps()
    for (place, value) in values.enumerated() where !value.isNaN {
      try steps.next()
      if best.count == count, let last = best.last, value <= values[last] { continue }
      if best.count == count { best.removeLast() }
      best.insert(place, at: best.firstIndex { values[$0] < value } ?? best.count)
    }
    return best
  }

  private static func product(_ a: [Double], _ b: [Double]) throws -> Double {
    var steps = Steps()
    return try zip(a, b).reduce(0) { sum, pair in
      try steps.next()
      return sum + pair.0 * pair.1
    }
  }

  private static func vectors(_ arguments: Arguments, _ interpreter: Interpreter) throws -> (
    [Double], [Double]
  ) {
    let (a, b) = (arguments.required("a"), arguments.required("b"))
    let (x, y) = (try vector(a, interpreter), try vector(b, interpreter))
    guard x.count == y.count else {
      throw TensorFault.shapeMismatch(operation: "multiply", [x.count], [y.count]).located(b.span)
    }
    return (x, y)
  }

  private static func vector(_ argument: Arguments.Bound, _ interpreter: Interpreter) throws -> [Double] {
    switch try Numbers(argument, interpreter) {
    case .list(let numbers): return numbers
    case .tensor(let tensor) where tensor.rank == 1: return try tensor.interruptibleValues(Double.init)
    default: throw argument.mismatch(expected: "a list of numbers or a tensor of one dimension")
    }
  }

  /// Plain numbers, without a tensor for each; nil when there is something else.
  private static func vector(of elements: [Value]) throws -> Tensor? {
    var steps = Steps()
    var numbers: [Float] = []
    for element in elements {
      try steps.next()
      guard case .number(let number) = element else { return nil }
      numbers.append(Float(number))
    }
    return Tensor(shape: [numbers.count], numbers)
  }

  /// One behind the other, in parts that can be interrupted.
  private static func stacked(_ parts: [Tensor], _ inner: [Int]) throws -> Tensor {
    let shape = [parts.count] + inner
    try MemoryBudget.current?.require(shape.reduce(MemoryLayout<Float>.stride, *))
    var steps = Steps()
    return try Tensor(shape: shape) { target in
      var start = 0
      for part in parts {
        try steps.next()
        part.withUnsafeBufferPointer { start = target[start...].update(fromContentsOf: $0) }
      }
    }
  }

  /// - Throws: ``ValueFault``, ``LimitFault``, ``Interrupted``.
  static func tensor(of value: Value) throws -> Tensor {
    switch value {
    case .number(let number): return Tensor(scalar: Float(number))
    case .tensor(let tensor): return tensor
    case .range(let range):
      guard range.count <= ValueLimits.elements else {
        throw LimitFault.tooManyElements(limit: ValueLimits.elements)
      }
      return Tensor(
        shape: [range.count], try (range.lower..<range.upper).interruptibleMap { Float($0) })
    case .list(let elements):
      if let numbers = try vector(of: elements) { return numbers }
      let parts = try elements.interruptibleMap { try tensor(of: $0) }
      let inner = parts.first?.shape ?? []
      if let odd = parts.first(where: { $0.shape != inner }) {
        throw ValueFault.raggedTensor(inner, odd.shape)
      }
      return try stacked(parts, inner)
    default:
      throw ValueFault.wrongType(
        expected: "numbers and lists of them", found: value.typeName, what: "the function")
    }
  }
}
