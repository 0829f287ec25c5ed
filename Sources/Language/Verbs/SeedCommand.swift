import Results

struct SeedCommand: LanguageCommand {
  let name = "seed"
  let group = CommandGroup.session
  let summary = "set the seed of everything random, or show it"
  let parameters: [Parameter] = [.optional("number", .integer(minimum: 0), "the seed")]
  let context: StateKey? = .setting("seed")
  let example = #"""
    seed 7
    seed
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    guard let seed = arguments.integer("number") else {
      return Value(interpreter.session.settings.seed)
    }
    interpreter.session.settings.seed = seed
    return .null
  }
}
