import Transformers
import ExactText
import Faults
import Language

/// A check of a script: where the work of plans is counted instead of done, and how fast models would do it.
///
/// Used by one thread at a time.
final class Rehearsal: @unchecked Sendable {
  let log = WorkLog()
  /// By the fingerprint of the model: another may have got its name.
  private var speeds: NameTable<Speed> = [:]

  /// Measured at the first call for a model.
  func speed(of model: LoadedModel, check: @escaping InterruptionCheck) throws -> Speed {
    if let known = speeds[model.folder.fingerprint] { return known }
    let speed = try model.transformer.speed(check: check)
    speeds[model.folder.fingerprint] = speed
    return speed
  }
}
