import Language

/// Files of rows, which sweeps and experiments go on with.
extension Bench {
  /// Where the rows of a computation go; nil when it is to keep them to itself. A replay that compares results computes
  /// every row anew: a file that it read could hold anything.
  func rowFile(named path: String?) -> String? {
    guard let path, session.isVerifying else { return path }
    session.note("every row is computed: \(path) is neither read nor written when results are compared")
    return nil
  }
}
