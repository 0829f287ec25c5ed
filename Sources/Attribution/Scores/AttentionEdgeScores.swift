import Transformers

/// Scores of all attention edges of one sentence: positive where the edge raises the quantity.
public struct AttentionEdgeScores: Sendable, Equatable {
  /// (L, A, n, n): rows are readers, columns what they read, by positions of the padded input; 0 where nothing is read.
  private var values: [Double]
  public let layers: Int
  public let heads: Int
  /// n, padding included.
  public let length: Int

  init(_ configuration: TransformerConfiguration, length: Int) {
    (layers, heads, self.length) = (configuration.layers, configuration.heads, length)
    values = Array(repeating: 0, count: layers * heads * length * length)
  }

  public internal(set) subscript(edge: AttentionEdge) -> Double {
    get { values[place(edge)] }
    set { values[place(edge)] = newValue }
  }

  private func place(_ edge: AttentionEdge) -> Int {
    ((edge.layer * heads + edge.head) * length + edge.reader) * length + edge.read
  }
}
