import Attribution
import Language
import Measurement
import Transformers

extension SweepJob {
  /// Edges that go through the network together.
  private static let edgesPerPart = 64

  /// Path patching of each residual edge on its own.
  func sweepEdges(
    _ pending: [Int], _ questions: TaskQuestions, _ base: (OutcomeSummary) throws -> Void,
    _ finished: (_ target: Int, OutcomeSummary) throws -> Void
  ) throws {
    guard case .answers(let prepared) = task, prepared.rows.allSatisfy({ $0.criteria == [$0.quantity] })
    else {
      throw SweepFault.edgesOfLabels
    }
    try base(OutcomeSummary(questions.outcomes(try job.evaluator.outcomes(questions.probes))))
    let inputs = try bench.attributionInputs(prepared.rows, replacement.baseline, job.model)
    let (edges, space) = (targets.edges, try EdgeSpace(job.model.configuration))
    let attributor = Attributor(model: try job.model.transformer, execution: bench.execution)
    let options = AttributionOptions(memoryBudget: bench.session.workingMemory)
    for start in stride(from: 0, to: pending.count, by: Self.edgesPerPart) {
      let part = pending[start..<min(start + Self.edgesPerPart, pending.count)]
      let sets = part.map { EdgeSet([edges[$0]], in: space) }
      let values = try inputs.enumerated().map { row, input in
        let done = Double(start) + Double(part.count * row) / Double(inputs.count)
        bench.session.showProgress("sweep edges", share: done / Double(pending.count))
        return try attributor.quantities(
          of: input, withEdges: sets, options: options, check: bench.session.checkInterruption)
      }
      for (place, target) in part.enumerated() {
        let outcomes = values.map { Outcome(value: $0[place], isCorrect: $0[place] > 0) }
        try finished(target, OutcomeSummary(outcomes))
      }
    }
  }
}
