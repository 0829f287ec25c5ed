import Faults

extension Checkpoint {
  /// Reads every tensor that converts to Float32 and looks for NaN and infinity.
  ///
  /// A double beyond Float32's range counts as infinite, as it becomes so. Reads all data: on request only.
  ///
  /// - Throws: ``CheckpointFault/notFinite(file:tensor:nan:infinite:elements:)`` for the first tensor, in the order
  ///   of ``names``, that has any; ``Interrupted``.
  public func verifyFinite() throws {
    for name in names where dtype(of: name)?.isConvertible == true {
      let tensor = try tensor(named: name)
      let (nan, infinite) = try tensor.withUnsafeBufferPointer(countNotFinite)
      guard nan == 0, infinite == 0 else {
        throw CheckpointFault.notFinite(
          file: path, tensor: name, nan: nan, infinite: infinite, elements: tensor.count)
      }
    }
  }
}

private func countNotFinite(_ values: UnsafeBufferPointer<Float>) throws -> (nan: Int, infinite: Int) {
  var (suspects, nan) = (0, 0)
  try values.indices.forEachPart { part in
    var index = part.lowerBound
    // A plain loop: millions of weights pass through here in debug builds too.
    while index < part.upperBound {
      if values[index].exponentBitPattern == 0xFF {
        suspects &+= 1
        if values[index].isNaN { nan &+= 1 }
      }
      index &+= 1
    }
  }
  return (nan, suspects - nan)
}
