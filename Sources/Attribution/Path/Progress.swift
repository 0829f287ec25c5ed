/// Counts finished units of work.
final class Progress {
  private let report: ProgressReport
  private let total: Int
  private var done = 0

  init(total: Int, _ report: @escaping ProgressReport) {
    self.total = max(1, total)
    self.report = report
  }

  /// One more unit; the last one is left to ``finish()``.
  func advance() {
    done += 1
    if done < total { report(Double(done) / Double(total)) }
  }

  func finish() { report(1) }
}
