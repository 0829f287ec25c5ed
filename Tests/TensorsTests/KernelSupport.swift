import CKernels

/// A norm for the kernels. Addresses of arrays hold during the call alone, hence the closure.
func withNorm<Result>(
  gain: [Float], shift: [Float]?, epsilon: Float, centred: Bool, _ body: (UnsafePointer<ck_norm>) -> Result
) -> Result {
  gain.withUnsafeBufferPointer { gain in
    guard let gain = gain.baseAddress else { preconditionFailure("a norm has a gain") }
    guard let shift else {
      var norm = ck_norm(gain: gain, shift: nil, epsilon: epsilon, centred: centred)
      return body(&norm)
    }
    return shift.withUnsafeBufferPointer { shift in
      var norm = ck_norm(gain: gain, shift: shift.baseAddress, epsilon: epsilon, centred: centred)
      return body(&norm)
    }
  }
}
