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
  guard let base = values.baseAddress else { return (0, 0) }
  var suspects = 0
  var index = 0
  // A plain loop over a plain pointer: millions of weights pass through here in debug builds too.
  while index < values.count {
    if base[index].exponentBitPattern == 0xFF { suspects &+= 1 }
    index &+= 1
  }
  if suspects == 0 { return (0, 0) }
  let nan = values.count { $0.isNaN }
  return (nan, suspects - nan)
}
