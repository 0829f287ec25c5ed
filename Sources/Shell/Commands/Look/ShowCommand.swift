import Faults
import Results
import Tensors

struct ShowCommand: Command {
  let name = "show"
  let group = CommandGroup.look
  let summary = "show a tensor or a node's activation"
  let discussion = """
    `help nodes` lists the names. A node shows what it carries for the current text: L3@7 the hidden state,
    L3H5@7 the head's context vector. `weight("NAME")` gives a weight.
    """
  let parameters: [Parameter] = [.required("tensor", .node, "e.g. L2.pattern[0, 3], L3H5@7, embed")]
  let example = #"""
    load "demo"
    text "paris [MASK] the capital of france ."
    show L2.pattern[0, 3]
    show L3H5@2
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    guard let argument = arguments["tensor"] else { return .null }
    let tensor = try interpreter.tensor(argument, verb: name)
    return .record([
      "name": .string(argument.span.text), "shape": .numbers(tensor.shape),
      "dtype": .string("float32"), "data": Value(unwrapping: tensor),
    ])
  }
}

extension Interpreter {
  /// The tensor that an argument of kind `.node` names.
  func tensor(_ argument: Arguments.Bound, verb: String) throws -> Tensor {
    switch argument.value {
    case .tensor(let tensor): return tensor
    case .object(let object):
      guard let set = object as? NodeSet else { break }
      return try locating(argument.span) { try activation(of: set, verb: verb) }
    default: break
    }
    throw NodeFault.notANode(withArticle(argument.value.typeName)).located(argument.span)
  }

  func activation(of set: NodeSet, verb: String) throws -> Tensor {
    guard set.nodes.count == 1 else { throw NodeFault.severalNodes(set.nodes.count, verb: verb) }
    return try activation(of: set.nodes[0])
  }
}
