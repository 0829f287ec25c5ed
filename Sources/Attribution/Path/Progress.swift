/// Counts finished units of work.
package final class Progress {
  private let report: (Double) -> Void
  private let total: Int
  private var done = 0

  package init(total: Int, _ report: @escaping (Double) -> Void) {
    self.total = max(1, total)
    self.report = report
  }

  /// One more unit; the last one is left to ``finish()``.
  func advance() { advance(by: 1) }

  /// More units; the last ones are left to ``finish()``.
  package func advance(by units: Int) {
    done += units
    if done < total { report(Double(done) / Double(total)) }
  }

  package func finish() { report(1) }
}
