/// One token that reads another through one head: an entry of `pattern`.
public struct AttentionEdge: Hashable, Sendable {
  public let layer: Int
  public let head: Int
  /// The position of the query.
  public let reader: Int
  /// That of the key and the value.
  public let read: Int

  public init(layer: Int, head: Int, reader: Int, read: Int) {
    (self.layer, self.head, self.reader, self.read) = (layer, head, reader, read)
  }

  /// As the language writes it: `L3H7@7<-2`.
  public var name: String { "L\(layer)H\(head)@\(reader)<-\(read)" }

  /// Whether the layer's mask lets the reader read.
  public func exists(in configuration: TransformerConfiguration, length: Int) -> Bool {
    configuration.blocks.mask(layer).keys(of: reader, length: length).contains(read)
  }
}

extension AttentionEdge: Comparable {
  /// By layer, head, reader, read.
  public static func < (a: AttentionEdge, b: AttentionEdge) -> Bool {
    (a.layer, a.head, a.reader, a.read) < (b.layer, b.head, b.reader, b.read)
  }
}

extension AttentionEdge {
  /// From a name such as `L3H7@7<-2`; nil when it is none.
  public init?(name: String) {
    guard let match = name.wholeMatch(of: #/L(\d+)H(\d+)@(\d+)<-(\d+)/#), let layer = Int(match.1),
      let head = Int(match.2), let reader = Int(match.3), let read = Int(match.4)
    else { return nil }
    self.init(layer: layer, head: head, reader: reader, read: read)
  }
}

/// An attention edge that carries nothing.
public struct AttentionCut: Hashable, Sendable {
  public enum Mode: String, Sendable, CaseIterable {
    /// The probability becomes 0 after the softmax, the others stay.
    case zero
    /// The score becomes minus infinity before it, the others share: attention knockout, Geva et al., "Dissecting Recall of
    /// Factual Associations in Auto-Regressive Language Models", EMNLP 2023, section 4.
    case mask
  }

  public let edge: AttentionEdge
  public let mode: Mode

  public init(_ edge: AttentionEdge, by mode: Mode) { (self.edge, self.mode) = (edge, mode) }
}
