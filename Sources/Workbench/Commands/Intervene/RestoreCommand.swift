import ExactText
import Language
import Results

struct RestoreCommand: BenchCommand {
  let name = "restore"
  let group = CommandGroup.intervene
  let summary = "remove the interventions on the current model, or one of them"
  let parameters: [Parameter] = [
    .optional(
      "which", .countOrWord(["last", "all"]),
      "a number of `interventions`; last; or all, also those on other models")
  ]
  let context: StateKey? = .interventions
  let example = #"""
    load "demo"
    ablate L1H0
    ablate L2H0
    restore last
    restore
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let removed = bench.state.interventions.remove(try numbers(arguments, bench.state))
    return .record([
      "removed": .strings(removed.map(\.summary)), "left": Value(bench.state.interventions.all.count),
    ])
  }

  private func numbers(_ arguments: Arguments, _ state: BenchState) throws -> Set<Int> {
    let all = state.interventions.all
    let acting = state.model.map { state.interventions.acting(on: $0) } ?? []
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
