import Language
import Scripting

/// Files of rows, which sweeps and experiments go on with.
extension Bench {
  /// Where the rows of a computation go; nil when it is to keep them to itself. A replay that compares results computes
  /// every row anew: a file that it read could hold anything.
  func rowFile(named path: String?) -> String? {
    guard let path, session.isVerifying else { return path }
    session.note("every row is computed: \(path) is neither read nor written when results are compared")
    return nil
  }

  /// Says where to go on after an interruption.
  func tellKept(_ extent: String, in path: String) {
    session.note("\(extent) are in \(path); the same command with `resume` goes on")
  }

  /// Says that rows were read that this run has not computed.
  func tellRead(_ count: Int, of total: Int, from path: String, wasTorn: Bool) {
    if wasTorn { session.note("the last line of \(path) was cut off and is dropped") }
    guard count > 0 else { return }
    session.warn(
      Diagnostic(
        .warning, code: "rows-read", "\(count) of \(total) rows come from \(path) and are not computed",
        at: nil))
  }
}
