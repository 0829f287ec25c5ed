import Language
import Results

/// A verb about models.
protocol BenchCommand: Command {
  func run(_ arguments: Arguments, in bench: Bench) throws -> Value
  func check(_ arguments: Arguments, in bench: Bench) throws -> Value
}

extension BenchCommand {
  package func run(_ arguments: Arguments, in session: any CommandContext) throws -> Value {
    try run(arguments, in: Bench(session))
  }

  package func check(_ arguments: Arguments, in session: any CommandContext) throws -> Value {
    try check(arguments, in: Bench(session))
  }

  func check(_ arguments: Arguments, in bench: Bench) throws -> Value {
    try checkByForm(arguments, in: bench.session)
  }
}

extension CommandGroup {
  static let look = CommandGroup("Look")
  static let explain = CommandGroup("Explain")
  static let intervene = CommandGroup("Intervene")
  static let measure = CommandGroup("Measure")
}
