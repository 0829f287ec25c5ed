import Faults

extension Checkpoint {
  /// Reads every tensor that converts to Float32 and looks for NaN and infinity.
  ///
  /// A double beyond Float32's range counts as infinite, as it becomes so. Reads all data: on request only.
  ///
  /// - Throws: ``CheckpointFault/notFinite(file:tensor:nan:infinite:elements:)`` for the first tensor, in the order
  ///   of ``names``, that has any; what `check` throws.
  public func verifyFinite(check: InterruptionCheck = {}) throws {
    for name in names where dtype(of: name)?.isConvertible == true {
      try check()
      let tensor = try tensor(named: name)
      let (nan, infinite) = tensor.withUnsafeBufferPointer(countNotFinite)
      guard nan == 0, infinite == 0 else {
        throw CheckpointFault.notFinite(
          file: path, tensor: name, nan: nan, infinite: infinite, elements: tensor.count)
      }
    }
  }
}

private func countNotFinite(_ values: UnsafeBufferPointer<Float>) -> (nan: Int, infinite: Int) {
  var nan = 0
  var infinite = 0
  for value in values where !value.isFinite {
    if value.isNaN { nan += 1 } else { infinite += 1 }
  }
  return (nan, infinite)
}
