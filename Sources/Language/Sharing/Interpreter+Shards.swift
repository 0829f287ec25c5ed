import ExactText
import Faults
import Results
import Scripting

/// A run that computes a share of the rows: what computes shares runs, and what that depends on; nothing is shown or written but
/// the files of shares. A run that gathers is a whole one, until shares are missing: from there on it goes on as the first does,
/// to find what else is missing.
extension Interpreter {
  /// Takes `scripts`, which run next, for such a run.
  ///
  /// - Returns: for a share the conditions and loops that nothing known decides; with any of them nothing may run.
  package func prepareSharing(of scripts: [Script]) -> [Diagnostic] {
    guard let sharing else { return [] }
    let plan = ShardPlan(scripts, registry)
    shardPlan = plan
    return sharing.shard == nil ? [] : plan.faults
  }

  /// - Throws: a diagnostic of all shares that a gathering lacked.
  package func requireShares() throws {
    if let missingShares { throw missingShares.shares.located(missingShares.span) }
  }

  package func skippingRest(_ missing: MissingShares, at span: Span?) -> ComputationSkipped {
    if missingShares == nil { missingShares = (missing, span) } else { missingShares?.shares.merge(missing) }
    return ComputationSkipped()
  }

  /// Whether only what computes shares runs.
  private var runsInPart: Bool { sharing?.shard != nil || missingShares != nil }

  /// Runs a statement of a run whose rows are divided.
  func executeDivided(_ statement: Statement, showsResult: Bool) throws -> Value {
    guard runsInPart else { return try executeGathering(statement, showsResult: showsResult) }
    guard let shardPlan else { return .null }
    let runs = shardPlan.runs(statement)
    if runs, let result = try resultUnlessUnknown(statement) { return result }
    if runs || shardPlan.readsUnknown(statement) { noteSkipped(statement) }
    forget(statement)
    return .null
  }

  private func executeGathering(_ statement: Statement, showsResult: Bool) throws -> Value {
    do {
      return try tracingInterventions { try perform(statement, showsResult: showsResult) }
    } catch is ComputationSkipped {
      forget(statement)
      return .null
    }
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
    if shardPlan != nil, runsInPart, value.holdsUnknown { throw ComputationSkipped() }
    return value
  }

  private func noteSkipped(_ statement: Statement) {
    guard missingShares == nil else { return }
    let place = statement.span.place ?? "line \(statement.span.start.line)"
    guard skippedPlaces.insert(Name(place)).inserted else { return }
    note("\(place) is skipped: it reads what is there when the shares are gathered")
  }
}
