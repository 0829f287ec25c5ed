import Language

/// Stands in another sentence of a task for each sentence; which one depends on the seed and the sentence alone.
struct Resampling: Sendable {
  let task: String
  let rows: [EncodedText]
  let seed: Int

  /// One of the sentences that differ from `text` and satisfy `fits`; nil when there is none.
  func donor(for text: EncodedText, where fits: (EncodedText) -> Bool) -> EncodedText? {
    let candidates = rows.filter { $0.source != text.source && fits($0) }
    guard !candidates.isEmpty else { return nil }
    return candidates[Int(hash(text.source) % UInt64(candidates.count))]
  }

  private func hash(_ source: SentenceText) -> UInt64 {
    let bytes = Array(source.text.utf8) + [0] + Array((source.pair ?? "").utf8)
    return Self.mixed(bytes.reduce(Self.mixed(UInt64(seed))) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
  }

  /// FNV-1a's low bits alone are poor; this is the finalizer of MurmurHash3 (Appleby, public domain).
  private static func mixed(_ bits: UInt64) -> UInt64 {
    var x = bits ^ 0xcbf2_9ce4_8422_2325
    x = (x ^ (x >> 33)) &* 0xff51_afd7_ed55_8ccd
    x = (x ^ (x >> 33)) &* 0xc4ce_b9fe_1a85_ec53
    return x ^ (x >> 33)
  }
}
