/// How much of the change of a quantity flows through each node, all words moving together.
///
/// Dhamdhere, Sundararajan, Yan, "How Important Is a Neuron?", ICLR 2019, summed over a node's components:
/// mean over the path of <dy/dalpha, dQ/dy>. Each row of hidden states adds up to the sum of the input influences.
public struct Conductance: Sendable, Equatable {
  /// (L+1, n): hidden states, row 0 the embedding output.
  public let hidden: [[Double]]
  /// (L, n, A): heads. In the last layer only those of the target are read.
  public let heads: [[[Double]]]
}
