import Results

struct RestoreCommand: Command {
  let name = "restore"
  let group = CommandGroup.intervene
  let summary = "remove the interventions on the current model, or one of them"
  let parameters: [Parameter] = [
    .optional(
      "which", .countOrWord(["last", "all"]),
      "a number of `interventions`; last; or all, also those on other models")
  ]
  let example = #"""
    load "demo"
    ablate L1H0
    ablate L2H0
    restore last
    restore
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let removed = interpreter.session.interventions.remove(try numbers(arguments, interpreter.session))
    return .record([
      "removed": .strings(removed.map(\.summary)), "left": Value(interpreter.session.interventions.all.count),
    ])
  }

  private func numbers(_ arguments: Arguments, _ session: Session) throws -> Set<Int> {
    let all = session.interventions.all
    let acting = session.model.map { session.interventions.acting(on: $0) } ?? []
    if let number = arguments.integer("which") {
      guard all.contains(where: { $0.number == number }) else {
        throw InterventionFault.noNumber(number, known: all.map(\.number)).located(arguments.span)
      }
      return [number]
    }
    switch arguments.string("which") {
    case "last":
      guard let last = acting.last else { throw InterventionFault.nothingToRestore.located(arguments.span) }
      return [last.number]
    case "all": return Set(all.map(\.number))
    default: return Set(acting.map(\.number))
    }
  }
}
