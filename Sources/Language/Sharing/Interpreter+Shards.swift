import ExactText
import Faults
import Results
import Scripting

/// A run that computes a share of the rows: what computes shares runs, and what that depends on; nothing is shown or written but
/// the files of shares.
extension Interpreter {
  /// Takes `scripts`, which run next, for such a run.
  ///
  /// - Returns: the conditions and loops that nothing known decides; with any of them nothing may run.
  package func prepareShare(of scripts: [Script]) -> [Diagnostic] {
    guard sharing?.shard != nil else { return [] }
    let plan = ShardPlan(scripts, registry)
    shardPlan = plan
    return plan.faults
  }

  /// Runs a statement as far as a share needs it.
  func executeShare(_ statement: Statement) throws -> Value {
    guard let shardPlan else { return .null }
    let runs = shardPlan.runs(statement)
    if runs, let result = try resultUnlessUnknown(statement) { return result }
    if runs || shardPlan.readsUnknown(statement) { noteSkipped(statement) }
    forget(statement)
    return .null
  }

  /// nil for a statement that reads what only the gathered rows tell.
  private func resultUnlessUnknown(_ statement: Statement) throws -> Value? {
    do {
      let result = try tracingInterventions { try perform(statement, showsResult: false) }
      // A binding gives null.
      if case .null = result { return result }
      session.last = result
      return result
    } catch is ComputationSkipped {
      return nil
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
