import Faults
import Language
import Results
import Tensors

struct ShowCommand: BenchCommand {
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

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    guard let argument = arguments["tensor"] else { return .null }
    let tensor = try bench.tensor(argument, verb: name)
    return .record([
      "name": .string(argument.span.text), "shape": .numbers(tensor.shape),
      "dtype": .string("float32"), "data": Value(unwrapping: tensor),
    ])
  }
}
