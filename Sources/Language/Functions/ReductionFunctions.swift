import Faults
import Results
import Scripting
import Tensors

extension Function {
  private static let numbers = Parameter.required("x", .any, "a number, list, range or tensor")
  private static let axis = Parameter.option(
    "axis", .integer(minimum: -8, maximum: 7), "reduce this dimension of a tensor only; -1 is the last")

  /// Many numbers to one, or to one for each line of a tensor.
  static let reductions: [Function] = [
    reduction(.sum, "sum", "print sum([1, 2, 3]) sum(1..100)"),
    reduction(.mean, "arithmetic mean", "print mean([1, 2, 4])"),
    reduction(.std, "standard deviation of the population", "print std([1, 3])"),
    reduction(.norm, "Euclidean norm", "print norm([3, 4])"),
    reduction(.max, "largest number; of several arguments the largest", "print max([1, 3, 2]) max(2, 5)"),
    reduction(.min, "smallest number; of several arguments the smallest", "print min([1, 3, 2]) min(2, 5)"),
    place(
      .argmax, "where the largest number stands", "print argmax([1, 3, 2]) argmax(tensor([[1, 2], [4, 3]]))"),
    place(.argmin, "where the smallest number stands", "print argmin([1, 3, 2])"),
    truth("all", "whether every element is true (a tensor's: not 0)", "print all([true, false])") {
      try $0.interruptibleAllSatisfy { $0 }
    },
    truth("any", "whether some element is true (a tensor's: not 0)", "print any([true, false])") {
      try !$0.interruptibleAllSatisfy { !$0 }
    },
  ]

  private static func reduction(_ reduction: Reduction, _ summary: String, _ example: String) -> Function {
    let takesSeveral = reduction == .max || reduction == .min
    let more = Parameter.rest("more", .number, "further numbers")
    return Function(
      reduction.rawValue, summary, [numbers] + (takesSeveral ? [more] : []) + [axis],
      discussion: "Without axis the result is one number.", example: example
    ) { arguments, interpreter in
      let argument = arguments.required("x")
      switch try Numbers(argument, interpreter) {
      case .tensor(let tensor):
        guard let axis = arguments.integer("axis") else { return .number(try tensor.reduced(reduction)) }
        return Value(unwrapping: try tensor.reduced(reduction, axis: axis))
      case .list(let numbers): return try reduced(numbers, reduction, arguments)
      case .one(let number): return try reduced([number] + further(arguments), reduction, arguments)
      }
    }
  }

  private static func further(_ arguments: Arguments) -> [Double] {
    arguments.all("more").compactMap { if case .number(let number) = $0.value { number } else { nil } }
  }

  private static func reduced(_ numbers: [Double], _ reduction: Reduction, _ arguments: Arguments) throws
    -> Value
  {
    if let axis = arguments["axis"] {
      throw CallFault.ignoredOption("axis", reason: "only tensors have several").located(axis.span)
    }
    guard let result = try reduction(numbers) else { throw TensorFault.emptyReduction(reduction.rawValue) }
    return .number(result)
  }

  private static func place(_ reduction: Reduction, _ summary: String, _ example: String) -> Function {
    Function(
      reduction.rawValue, summary, [numbers, axis],
      discussion: """
        Of a list or vector its index, of a tensor of more dimensions the list of its indices; with axis a tensor of
        indices. The first of several equal ones.
        """, example: example
    ) { arguments, interpreter in
      switch try Numbers(arguments.required("x"), interpreter) {
      case .tensor(let tensor):
        if let axis = arguments.integer("axis") {
          return Value(unwrapping: try tensor.reduced(reduction, axis: axis))
        }
        return indices(of: Int(try tensor.reduced(reduction)), in: tensor.shape)
      case .list(let numbers): return try reduced(numbers, reduction, arguments)
      case .one(let number): return try reduced([number], reduction, arguments)
      }
    }
  }

  /// The index of a vector's element, the list of indices of another tensor's.
  static func indices(of place: Int, in shape: [Int]) -> Value {
    guard shape.count != 1 else { return Value(place) }
    var rest = place
    var indices: [Int] = []
    for size in shape.reversed() {
      indices.append(rest % size)
      rest /= size
    }
    return .numbers(indices.reversed())
  }

  private static func truth(
    _ name: String, _ summary: String, _ example: String,
    _ combine: @escaping @Sendable ([Bool]) throws -> Bool
  ) -> Function {
    Function(name, summary, [.required("x", .any, "a list of true and false, or a tensor")], example: example)
    {
      arguments, _ in
      let argument = arguments.required("x")
      if case .tensor(let tensor) = argument.value {
        return .bool(try combine(tensor.interruptibleValues { $0 != 0 }))
      }
      let expected = "a list of true and false, or a tensor"
      return .bool(
        try combine(
          argument.elements(expected: expected).interruptibleMap { element in
            guard case .bool(let flag) = element else { throw argument.mismatch(expected: expected) }
            return flag
          }))
    }
  }
}
