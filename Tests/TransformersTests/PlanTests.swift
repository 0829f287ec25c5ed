import Transformers
import Tensors
import Testing

/// Forward passes as plans.
@Suite struct PlanTests {
  private let batch = TokenBatch(sequences: [sequence(5), sequence(3)], padToken: 0)

  private var request: ForwardRequest {
    let quantity = QuantityOfInterest(terms: [
      .init(coefficient: 1, readout: .logProbability, output: .token(3))
    ])
    return ForwardRequest(
      capture: [Site(.pattern, layer: 1), Site(.embed)], wordPositions: [(0, 1), (1, 2)], classify: true,
      quantities: [(1, 0, quantity)])
  }

  @Test func countingHasTheFormOfRunning() throws {
    let (model, _) = try tinyModel()
    let plan = try model.plan(batch, request, check: {})
    let log = WorkLog()
    let (result, work) = log.work { try Execution.counting(in: log).perform(plan) }
    let (counted, run) = (try result.get(), try Execution.running.perform(plan))
    #expect(counted.activations.mapValues(\.shape) == run.activations.mapValues(\.shape))
    #expect(counted.wordLogits?.shape == run.wordLogits?.shape)
    #expect(counted.classLogits?.shape == run.classLogits?.shape)
    #expect(counted.quantities.count == run.quantities.count)
    #expect(work == plan.work && work.sequences == 2 && work.operations > 0)
  }

  @Test func nothingIsRunThatIsCounted() throws {
    let plan = Plan(work: { Work(operations: 2) }, form: { 0 }, run: { 1 }).map { $0 + 10 }
    let log = WorkLog()
    let (result, work) = log.work {
      try Execution.counting(in: log).perform(plan) + Execution.counting(in: log).perform(plan)
    }
    #expect(try result.get() == 20 && work.operations == 4)
    #expect(try Execution.running.perform(plan) == 11)
  }
}
