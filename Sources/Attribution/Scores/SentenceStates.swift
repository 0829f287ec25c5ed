import Faults
import Tensors
import Transformers

/// Activations of some sentences at places on their paths.
struct SentenceStates {
  private let activations: [Site: Tensor]
  private let length: Int
  private let places: Int

  /// - Parameter alphas: where on the path; 1 is the sentence itself
  init(
    _ sentences: [Sentence], at alphas: [Float], sites: Set<Site>, _ model: Transformer,
    check: @escaping InterruptionCheck
  ) throws {
    let batch = Self.batch(sentences, places: alphas.count)
    let words = Self.words(sentences, at: alphas, model.embeddings, length: batch.length)
    let interventions = sentences.flatMap { sentence in alphas.map { _ in sentence.interventions } }
    let request = ForwardRequest(capture: sites, interventions: interventions)
    activations = try model.forward(batch, words: words, request, check: check).activations
    (length, places) = (batch.length, alphas.count)
  }

  /// The numbers of a token, `place` as in the list of places.
  func row(_ site: Site, sentence: Int, place: Int, position: Int) -> Floats {
    guard let tensor = activations[site] else { preconditionFailure("\(site.name) was not captured") }
    let width = tensor.count / tensor.shape[0] / length
    return Floats(tensor.pointer + ((sentence * places + place) * length + position) * width)
  }

  /// Each sentence `places` times, padded on the right.
  static func batch(_ sentences: [Sentence], places: Int) -> TokenBatch {
    let length = sentences.map(\.paddedLength).max() ?? 0
    var (ids, types, mask): ([Int32], [Int32], [Bool]) = ([], [], [])
    for sentence in sentences {
      func padded<T>(_ values: [T], _ filling: T) -> [T] {
        let own = sentence.spread(values, filling: filling)
        return own + Array(repeating: filling, count: length - own.count)
      }
      for _ in 0..<places {
        ids += padded(sentence.ids, 0)
        types += padded(sentence.types, 0)
        mask += padded(sentence.ids.map { _ in true }, false)
      }
    }
    return TokenBatch(ids: ids, types: types, mask: mask, rows: sentences.count * places, length: length)
  }

  /// (rows, n, e), zeros at padding.
  static func words(
    _ sentences: [Sentence], at alphas: [Float], _ embeddings: Embeddings, length: Int
  ) -> Tensor {
    let e = embeddings.width
    return Tensor(shape: [sentences.count * alphas.count, length, e]) { target in
      target.update(repeating: 0)
      for (s, sentence) in sentences.enumerated() {
        for (place, alpha) in alphas.enumerated() {
          let words = sentence.words(at: alpha, embeddings)
          let start = (s * alphas.count + place) * length * e
          _ = UnsafeMutableBufferPointer(rebasing: target[start..<start + words.count]).update(
            fromContentsOf: words.values)
        }
      }
    }
  }
}
