import ExactText

/// Sets of residual edges by name: `L2H* -> out`, `L0-3H* -> L5H1.q`, `embed -> L*.mlp`.
extension EdgeSpace {
  /// What a text names: nil when it is no name of edges, empty when the model has none of them.
  public func edges(named name: String) -> [ResidualEdge]? {
    if let edge = ResidualEdge(name: name) { return numbers(of: edge) == nil ? [] : [edge] }
    guard let found = name.wholeMatch(of: #/ *(\S+) *-> *(\S+) */#)?.output,
      let source = PartSet(String(found.1)), let target = PartSet(String(found.2))
    else { return nil }
    return (0..<targetCount).filter { target.contains(self.target($0).name) }.flatMap { number in
      (0..<parents(of: number)).filter { source.contains(self.source($0).name) }.map {
        edge(source: $0, target: number)
      }
    }
  }
}

/// One end of a set of edges: numbers may be `*` or `a-b`.
private struct PartSet {
  private enum Numbers {
    case all
    case range(ClosedRange<Int>)

    init?(_ text: Substring) {
      if text == "*" {
        self = .all
        return
      }
      let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard let first = ends.first.flatMap(\.self), let last = ends.last.flatMap(\.self), first <= last,
        ends.count < 3
      else { return nil }
      self = .range(first...last)
    }

    func contains(_ number: Int) -> Bool {
      switch self {
      case .all: true
      case .range(let range): range.contains(number)
      }
    }
  }

  private let layers: Numbers?
  private let heads: Numbers?
  /// `.q`, `.mlp`; the whole name of what has no layer.
  private let rest: String

  private static var pattern: Regex<(Substring, Substring, Substring?, Substring)> {
    #/L(\*|\d+(?:-\d+)?)(?:H(\*|\d+(?:-\d+)?))?((?:\.[a-z]+)?)/#
  }

  init?(_ name: String) {
    guard let found = name.wholeMatch(of: Self.pattern)?.output else {
      guard name == "embed" || name == "out" else { return nil }
      (layers, heads, rest) = (nil, nil, name)
      return
    }
    guard let layers = Numbers(found.1) else { return nil }
    if let text = found.2 {
      guard let heads = Numbers(text) else { return nil }
      self.heads = heads
    } else {
      heads = nil
    }
    (self.layers, rest) = (layers, String(found.3))
  }

  /// - Parameter name: of one source or target
  func contains(_ name: String) -> Bool {
    guard let layers else { return name == rest }
    guard let found = name.wholeMatch(of: Self.pattern)?.output, let layer = Int(found.1),
      layers.contains(layer), String(found.3) == rest
    else { return false }
    guard let heads else { return found.2 == nil }
    return found.2.flatMap { Int($0) }.map(heads.contains) ?? false
  }
}
