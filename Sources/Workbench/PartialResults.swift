import Faults
import Language
import Results

extension Bench {
  /// Runs `body`; what `finished` has when it is interrupted is shown, as a part of a result.
  ///
  /// - Parameters:
  ///   - command: the name of the command that computes.
  ///   - finished: also says how much that is: "12 of 72 rows"; nil while there is nothing.
  func keepingPart<R>(
    of command: String, _ body: () throws -> R, finished: () -> (result: Value, extent: String)?
  ) throws -> R {
    do { return try body() } catch let interrupted as Interrupted {
      session.clearProgress()
      if let (result, extent) = finished() {
        session.keepPartial(result, of: command, extent: extent)
      }
      throw interrupted
    }
  }
}
