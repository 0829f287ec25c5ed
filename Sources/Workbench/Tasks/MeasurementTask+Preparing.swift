import Faults
import Language
import Measurement

extension MeasurementTask {
  /// The first `limit` rows as `prepare` makes them; those it throws a fault for are bad rows.
  ///
  /// - Throws: `TaskFault` for the first bad row when `strict`, or when all are bad; what `check` throws.
  func prepared<Prepared>(
    limit: Int?, strict: Bool, check: InterruptionCheck, _ prepare: (Row) throws -> Prepared
  ) throws -> (rows: [Prepared], badRows: [BadRow]) {
    var (prepared, badRows): ([Prepared], [BadRow]) = ([], [])
    for row in rows.prefix(limit ?? rows.count) {
      try check()
      // A row in tokens takes some 2 kB.
      try MemoryBudget.current?.note(1 << 11)
      do {
        prepared.append(try prepare(row))
      } catch let fault as any Fault {
        let bad = BadRow(line: row.line, unit: unit, cause: fault)
        if strict { throw TaskFault.badRow(bad, path: source) }
        badRows.append(bad)
      }
    }
    guard !prepared.isEmpty else { throw TaskFault.onlyBadRows(badRows, path: source) }
    return (prepared, badRows)
  }
}

extension LoadedModel {
  func requireLanguageHead(for task: MeasurementTask) throws {
    guard hasLanguageHead else {
      throw TaskUseFault.headMissing(languageHeadTitle, model: name, task: task.name, kind: task.kind)
    }
  }

  /// With at least two labels, one alone is no choice, of which one is right.
  func requireClassifier(for task: MeasurementTask) throws {
    guard hasClassifier else {
      throw TaskUseFault.headMissing("classifier", model: name, task: task.name, kind: task.kind)
    }
    guard configuration.labels.count > 1 else { throw TaskUseFault.oneLabel(model: name) }
    guard configuration.problemType == .singleLabel else {
      throw TaskUseFault.noRightLabel(model: name, configuration.problemType)
    }
  }
}
