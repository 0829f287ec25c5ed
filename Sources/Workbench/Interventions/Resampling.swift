import Transformers

/// Stands in another sentence of a task for each sentence; which one depends on the seed and the sentence alone.
struct Resampling: Sendable {
  let task: String
  let rows: [EncodedText]
  let seed: Int

  /// One of the sentences that differ from `text` and satisfy `fits`; nil when there is none.
  func donor(for text: EncodedText, where fits: (EncodedText) -> Bool) -> EncodedText? {
    let candidates = rows.filter { $0.source.alone != text.source.alone && fits($0) }
    let sentence = Array(text.source.text.utf8) + [0] + Array((text.source.pair ?? "").utf8)
    return DonorChoice(seed: seed).choice(among: candidates, for: sentence)
  }
}
