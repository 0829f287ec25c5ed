import Results
import Scripting

struct TimeCommand: LanguageCommand {
  let name = "time"
  let group = CommandGroup.session
  let summary = "run a statement and tell how long it took"
  let discussion = "The time goes to standard error; the result is the statement's."
  let parameters: [Parameter] = [.required("statement", .statement, "any statement")]
  let example = #"""
    load "demo"
    time tokenize "a cat sat ."
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    guard let argument = arguments["statement"] else { return .null }
    guard case .statement(let statement) = argument.expression.kind else { return argument.value }
    let clock = ContinuousClock()
    let start = clock.now
    let result = try interpreter.execute(statement, showsResult: statement.isCompound)
    let milliseconds = (clock.now - start) / .milliseconds(1)
    interpreter.note("time: \(Double(Int(milliseconds * 1000)) / 1000) ms")
    return result
  }
}

extension Statement {
  /// A statement with blocks, whose inner statements print for themselves.
  fileprivate var isCompound: Bool {
    switch kind {
    case .forLoop, .whileLoop, .conditional, .scoped, .attempt: true
    case .binding, .assignment, .command, .expression, .function, .break, .continue, .return: false
    }
  }
}
