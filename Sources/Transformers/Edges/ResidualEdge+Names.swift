import ExactText

/// Reading the names of edges, our own and MIB's.
extension ResidualEdge {
  /// `L1H3 -> L3H7.q` or `a1.h3->a3.h7<q>`, with or without blanks around the arrow; nil for anything else.
  public init?(name: String) {
    guard let found = name.wholeMatch(of: #/ *(\S+) *-> *(\S+) */#)?.output,
      let source = Source(name: String(found.1)), let target = Target(name: String(found.2))
    else { return nil }
    self.init(source, target)
  }
}

extension ResidualEdge.Source {
  public init?(name: String) {
    if name == "embed" || name == "input" {
      self = .embedding
    } else if let place = HeadPlace(name), place.letter == nil {
      self = place.head.map { .head(layer: place.layer, head: $0) } ?? .feedForward(layer: place.layer)
    } else {
      return nil
    }
    guard self.name == name || benchmarkName == name else { return nil }
  }
}

extension ResidualEdge.Target {
  public init?(name: String) {
    if name == "out" || name == "logits" {
      self = .output
    } else if let place = HeadPlace(name) {
      switch (place.head, place.letter) {
      case (let head?, "q"): self = .query(layer: place.layer, head: head)
      case (let head?, "k"): self = .key(layer: place.layer, head: head)
      case (let head?, "v"): self = .value(layer: place.layer, head: head)
      case (nil, nil): self = .feedForward(layer: place.layer)
      default: return nil
      }
    } else {
      return nil
    }
    guard self.name == name || benchmarkName == name else { return nil }
  }
}

/// `L3H7`, `L3H7.q`, `L3.mlp`; `a3.h7`, `a3.h7<q>`, `m3`.
private struct HeadPlace {
  let layer: Int
  let head: Int?
  let letter: Character?

  init?(_ name: String) {
    let pattern =
      #/(?:L(?<layer>\d+)(?:H(?<head>\d+)(?:\.(?<letter>[qkv]))?|\.mlp)|a(?<benchLayer>\d+)\.h(?<benchHead>\d+)(?:<(?<benchLetter>[qkv])>)?|m(?<mlp>\d+))/#
    guard let found = name.wholeMatch(of: pattern)?.output,
      let layer = (found.layer ?? found.benchLayer ?? found.mlp).flatMap({ Int($0) })
    else { return nil }
    self.layer = layer
    head = (found.head ?? found.benchHead).flatMap { Int($0) }
    letter = (found.letter ?? found.benchLetter)?.first
  }
}
