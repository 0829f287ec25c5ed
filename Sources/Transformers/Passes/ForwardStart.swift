import Tensors

/// Where a run takes up the states of an earlier one, so that what both have in common is computed once.
///
/// Replacements and cuts at what comes before have no effect: they are in the states already, or not. So it is with cuts in the
/// first layer to run where its contexts are given.
public struct ForwardStart: Sendable {
  /// l: the first layer to run, and the row of hidden states that it reads.
  public let layer: Int
  /// (R, n, d): the input of that layer (`resid_pre`), or of layer L the last hidden states. Replacements of the node that
  /// it is are applied.
  public let hidden: Tensor
  /// (R, n, A, dh): that layer's context vectors (`z`), which are not computed again then; replacements are applied.
  public let context: Tensor?
  /// For each row of the batch the row of the states it starts from.
  public let rows: [Int]

  public init(layer: Int, hidden: Tensor, context: Tensor? = nil, rows: [Int]) {
    self.layer = layer
    self.hidden = hidden
    self.context = context
    self.rows = rows
  }
}

extension Tensor {
  /// Writes some rows of the first dimension to `target`, one after another.
  func gather(_ rows: [Int], into target: MutableFloats) {
    guard !shape.isEmpty, shape[0] > 0 else { return }
    let size = count / shape[0]
    for (place, row) in rows.enumerated() {
      (target + place * size).update(from: pointer + row * size, count: size)
    }
  }
}
