extension ForwardPass {
  /// Adds what the pass takes to `log`.
  ///
  /// - Returns: zeros in the form of the result.
  func rehearse(_ log: WorkLog) -> ForwardResult {
    log.add(extent.work)
    return extent.form
  }
}
