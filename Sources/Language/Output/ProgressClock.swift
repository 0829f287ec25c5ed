import ExactText

/// How long the rest of some work will take if it goes on as it has.
struct ProgressClock {
  private var what = ""
  private var start = ContinuousClock.now
  private var first = 0.0
  private var latest = 0.0

  /// Shorter work tells too little.
  private static let shortest = Duration.seconds(1)

  /// nil until enough is done. Another `what`, or a share below the one before, begins anew.
  ///
  /// - Parameter share: what is done, 0 to 1.
  mutating func remaining(_ what: String, share: Double, at now: ContinuousClock.Instant) -> Duration? {
    if what != self.what || share < latest {
      self.what = what
      start = now
      first = share
    }
    latest = share
    let (elapsed, done) = (now - start, share - first)
    guard elapsed >= Self.shortest, done > 0, share < 1 else { return nil }
    return elapsed * ((1 - share) / done)
  }

  /// `12 s`, `3 min`, `2 h 5 min`.
  static func text(_ duration: Duration) -> String {
    let seconds = max(1, Int((duration / .seconds(1)).rounded(.up)))
    if seconds < 100 { return "\(seconds) s" }
    let minutes = (seconds + 59) / 60
    return minutes < 100 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
  }
}
