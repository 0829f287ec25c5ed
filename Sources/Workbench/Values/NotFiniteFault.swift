import Faults
import Language
import Results
import Scripting
import Tensors

/// Outputs of a network that are NaN or infinite: they come of weights or replaced values that are, and are no answers.
struct NotFiniteFault: Fault {
  /// In the plural: `logits`.
  let what: String
  let count: Int
  let total: Int

  /// nil when all numbers are finite.
  init?(_ what: String, _ numbers: some Collection<Double>) {
    let count = numbers.count { !$0.isFinite }
    guard count > 0 else { return nil }
    (self.what, self.count, self.total) = (what, count, numbers.count)
  }

  var code: String { "not-finite" }
  var message: String { "\(count) of \(total) \(what) are NaN or infinite" }
  var remedy: String? { "`load` with `check` finds weights that are not finite" }
}

/// Every verb that takes numbers out of the network passes them by here. Results that stay readable with such numbers in
/// them come with a warning; what would be chosen by comparing them, as patterns are, is refused.
extension Bench {
  /// - Throws: ``NotFiniteFault``. Numbers of a check mean nothing and pass.
  func requireFinite(_ what: String, _ numbers: some Collection<Double>) throws {
    if session.dryRun == nil, let fault = NotFiniteFault(what, numbers) { throw fault }
  }

  func warnUnlessFinite(_ what: String, _ numbers: some Collection<Double>, at span: Span?) {
    guard session.dryRun == nil, let fault = NotFiniteFault(what, numbers) else { return }
    session.warn(fault.located(span, as: .warning))
  }

  func warnUnlessFinite(_ what: String, _ tensor: Tensor, at span: Span?) {
    tensor.withUnsafeBufferPointer { values in
      guard !values.allSatisfy(\.isFinite) else { return }
      warnUnlessFinite(what, values.lazy.map { Double($0) }, at: span)
    }
  }
}
