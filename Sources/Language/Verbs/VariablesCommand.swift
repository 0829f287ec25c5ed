import ExactText
import Results
import Tensors

struct VariablesCommand: LanguageCommand {
  let name = "variables"
  let group = CommandGroup.session
  let summary = "list the variables of this session with their types"
  let discussion =
    "Functions that scripts have defined are among them. In a function it lists the function's own, too."
  let parameters: [Parameter] = []
  let example = #"""
    let x = 1 / 3
    let words = ["is", "are"]
    variables
    print variables()[0].name
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let precision = interpreter.session.settings.precision
    let variables = interpreter.session.variables.visible.sorted { $0.key < $1.key }
    return .table(
      Table(
        columns: ["name", "type", "summary"],
        rows: variables.map {
          [.string($0), .string($1.typeName), .string($1.summary(precision: precision))]
        }))
  }
}
