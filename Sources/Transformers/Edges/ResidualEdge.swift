/// An edge of the residual stream: what one part of a pre-norm model writes into it, as another reads it.
///
/// In a pre-norm model the stream is a sum, so that a reader's input can be changed in one summand alone (Elhage et al., "A
/// Mathematical Framework for Transformer Circuits", 2021; Conmy et al., "Towards Automated Circuit Discovery", NeurIPS 2023).
public struct ResidualEdge: Hashable, Sendable {
  /// What writes.
  public enum Source: Hashable, Sendable {
    /// h^0.
    case embedding
    /// A head, through the output projection without its bias.
    case head(layer: Int, head: Int)
    case feedForward(layer: Int)
  }

  /// What reads. Each query head has keys and values of its own, also where heads share them.
  public enum Target: Hashable, Sendable {
    case query(layer: Int, head: Int)
    case key(layer: Int, head: Int)
    case value(layer: Int, head: Int)
    case feedForward(layer: Int)
    /// The final norm, at the position that the quantity reads.
    case output
  }

  public let source: Source
  public let target: Target

  public init(_ source: Source, _ target: Target) {
    (self.source, self.target) = (source, target)
  }

  /// `L1H3 -> L3H7.q`
  public var name: String { "\(source.name) -> \(target.name)" }
}

extension ResidualEdge.Source {
  /// `embed`, `L1H3`, `L1.mlp`
  public var name: String {
    switch self {
    case .embedding: "embed"
    case .head(let layer, let head): "L\(layer)H\(head)"
    case .feedForward(let layer): "L\(layer).mlp"
    }
  }

  /// As MIB writes it: `input`, `a1.h3`, `m1` (Mueller et al., "MIB", 2025).
  public var benchmarkName: String {
    switch self {
    case .embedding: "input"
    case .head(let layer, let head): "a\(layer).h\(head)"
    case .feedForward(let layer): "m\(layer)"
    }
  }
}

extension ResidualEdge.Target {
  /// `L3H7.q`, `L3.mlp`, `out`
  public var name: String {
    switch self {
    case .query(let layer, let head): "L\(layer)H\(head).q"
    case .key(let layer, let head): "L\(layer)H\(head).k"
    case .value(let layer, let head): "L\(layer)H\(head).v"
    case .feedForward(let layer): "L\(layer).mlp"
    case .output: "out"
    }
  }

  /// As MIB writes it: `a3.h7<q>`, `m3`, `logits`.
  public var benchmarkName: String {
    switch self {
    case .query(let layer, let head): "a\(layer).h\(head)<q>"
    case .key(let layer, let head): "a\(layer).h\(head)<k>"
    case .value(let layer, let head): "a\(layer).h\(head)<v>"
    case .feedForward(let layer): "m\(layer)"
    case .output: "logits"
    }
  }
}
