import Transformers
import Tensors

extension Baseline {
  /// The word embeddings of the baseline, (n, d): what a path to the sequence `ids` starts from.
  package func words(for ids: [Int32], in model: Transformer) -> Tensor {
    let table = model.embeddings.words
    let d = model.configuration.embeddingSize
    return Tensor(shape: [ids.count, d]) { target in
      for (position, id) in ids.enumerated() {
        let row = UnsafeMutableBufferPointer(rebasing: target[position * d..<(position + 1) * d])
        if keep.contains(position) {
          table[Int(id)].withUnsafeBufferPointer { _ = row.update(fromContentsOf: $0) }
        } else if let token = content.token(at: position) {
          table[token].withUnsafeBufferPointer { _ = row.update(fromContentsOf: $0) }
        } else {
          row.update(repeating: 0)
        }
      }
    }
  }
}
