import ExactText
import Faults
import Results
import Scripting

/// A run that computes a share of the rows: what computes shares runs, and what that depends on; nothing is shown or written but
/// the files of shares.
extension Interpreter {
  /// Takes `scripts`, which run next, for such a run.
  ///
  /// - Throws: the conditions and loops that nothing known decides.
  package func prepareShare(of scripts: [Script]) throws {
    guard sharing?.shard != nil else { return }
    let plan = ShardPlan(scripts, registry)
    guard plan.faults.isEmpty else { throw ShardFaults(diagnostics: plan.faults) }
    shardPlan = plan
  }

  /// Runs a statement as far as a share needs it.
  func executeShare(_ statement: Statement) throws -> Value {
    guard let plan = shardPlan, plan.runs(statement) else {
      if shardPlan?.readsUnknown(statement) ?? false { noteSkipped(statement) }
      if case .binding(let name, _) = statement.kind { session.variables[name.name] = .unknown() }
      return .null
    }
    do {
      let result = try tracingInterventions { try perform(statement, showsResult: false) }
      if case .binding = statement.kind { return result }
      if case .null = result { return result }
      session.last = result
      return result
    } catch is ComputationSkipped {
      noteSkipped(statement)
      if case .binding(let name, _) = statement.kind { session.variables[name.name] = .unknown() }
      return .null
    }
  }

  /// - Throws: ``ComputationSkipped`` for what only the gathered rows tell.
  func knownToShare(_ value: Value) throws -> Value {
    if shardPlan != nil, value.holdsUnknown { throw ComputationSkipped() }
    return value
  }

  private func noteSkipped(_ statement: Statement) {
    let place = statement.span.place ?? "line \(statement.span.start.line)"
    guard skippedPlaces.insert(Name(place)).inserted else { return }
    note("\(place) is skipped: it reads what is there when the shares are gathered")
  }
}

/// Why a script cannot be run in shares; nothing has run.
package struct ShardFaults: Error {
  package let diagnostics: [Diagnostic]
}
