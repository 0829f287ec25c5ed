/// Chooses another sentence to stand in for each; which one depends on the seed and the sentence alone.
public struct DonorChoice: Sendable {
  public let seed: Int

  public init(seed: Int) { self.seed = seed }

  /// One of the candidates for a sentence, given as bytes; nil when there is none.
  public func choice<Candidate>(among candidates: [Candidate], for sentence: some Sequence<UInt8>)
    -> Candidate?
  {
    guard !candidates.isEmpty else { return nil }
    return candidates[Int(hash(sentence) % UInt64(candidates.count))]
  }

  private func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    Self.mixed(bytes.reduce(Self.mixed(UInt64(seed))) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
  }

  /// FNV-1a's low bits alone are poor; this is the finalizer of MurmurHash3 (Appleby, public domain).
  private static func mixed(_ bits: UInt64) -> UInt64 {
    var x = bits ^ 0xcbf2_9ce4_8422_2325
    x = (x ^ (x >> 33)) &* 0xff51_afd7_ed55_8ccd
    x = (x ^ (x >> 33)) &* 0xc4ce_b9fe_1a85_ec53
    return x ^ (x >> 33)
  }
}
