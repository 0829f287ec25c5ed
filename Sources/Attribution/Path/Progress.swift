/// Counts finished units of work.
final class Progress {
  private let report: ProgressReport
  private let total: Int
  private var done = 0

  init(total: Int, _ report: @escaping ProgressReport) {
    self.total = max(1, total)
    self.report = report
  }

  func advance() {
    done += 1
    report(min(1, Double(done) / Double(total)))
  }
}
