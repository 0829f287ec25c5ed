import Transformers
import Language

/// What a verb works with: the session that it runs in, and in it what the session is about.
struct Bench {
  let session: any CommandContext

  init(_ session: any CommandContext) { self.session = session }

  var state: BenchState {
    get {
      guard let state = session.state as? BenchState else {
        preconditionFailure("a session of another domain: \(type(of: session.state))")
      }
      return state
    }
    nonmutating set { session.state = newValue }
  }

  var model: LoadedModel? { state.model }

  /// What becomes of computations of the network.
  var execution: Execution { state.rehearsal.map { .counting(in: $0.log) } ?? .running }

  func requireModel() throws -> LoadedModel {
    guard let model else { throw ModelFault.noModel }
    return model
  }
}
