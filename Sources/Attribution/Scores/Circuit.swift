import Transformers

/// Residual edges that are said to carry a behaviour, and the scores by which they were chosen.
public struct Circuit: Sendable, Equatable {
  public let scores: EdgeScores
  public let edges: EdgeSet
  /// How circuits of other sizes are chosen by the same scores.
  public let selection: Selection

  public init(scores: EdgeScores, edges: EdgeSet, selection: Selection = .greedy) {
    (self.scores, self.edges, self.selection) = (scores, edges, selection)
  }

  public enum Selection: String, Sendable, CaseIterable {
    /// From the output upwards: the best edge into what is already kept.
    case greedy
    /// The best edges of all, then without what does not connect to both ends.
    case top
  }
}

extension EdgeScores {
  /// The best edges by absolute score.
  ///
  /// - Parameters:
  ///   - count: how many are chosen; fewer may stay where what does not connect is removed
  ///   - threshold: of absolute scores that are chosen
  public func best(
    _ count: Int, atLeast threshold: Double = 0, by selection: Circuit.Selection
  ) -> EdgeSet {
    switch selection {
    case .greedy: greedy(count, atLeast: threshold)
    case .top: connected(ranked.prefix(count).prefix { abs($0.score) >= threshold })
    }
  }

  private struct Scored {
    let source: Int
    let target: Int
    let score: Double
  }

  /// All edges, the largest absolute score first; equal ones in the order of ``list``.
  private var ranked: [Scored] {
    let all = values.enumerated().flatMap { target, values in
      values.enumerated().map { Scored(source: $0, target: target, score: $1) }
    }
    return all.enumerated().sorted {
      (-abs($0.element.score), $0.offset) < (-abs($1.element.score), $1.offset)
    }.map(\.element)
  }

  /// Hanna et al., "Have Faith in Faithfulness", 2024, section 2.3.
  private func greedy(_ count: Int, atLeast threshold: Double) -> EdgeSet {
    var candidates = BestFirst<(source: Int, target: Int)>()
    var kept: Set<Int> = []
    func open(_ target: Int) {
      for (source, score) in values[target].enumerated() {
        candidates.insert((source, target), by: abs(score))
      }
    }
    var chosen: [ResidualEdge] = []
    open(space.targetCount - 1)
    while chosen.count < count, let best = candidates.removeFirst(),
      abs(values[best.target][best.source]) >= threshold
    {
      chosen.append(space.edge(source: best.source, target: best.target))
      guard kept.insert(best.source).inserted else { continue }
      for target in space.inputs(of: best.source) { open(target) }
    }
    return EdgeSet(chosen, in: space)
  }

  /// Without the edges whose source is no `embed` and reads nothing, or whose target is no output and is read by nothing.
  private func connected(_ edges: some Sequence<Scored>) -> EdgeSet {
    var edges = Array(edges)
    while true {
      let read = Set(edges.flatMap { edge in space.part(ofTarget: edge.target).map { [$0] } ?? [] })
      let written = Set(edges.map(\.source))
      let left = edges.filter { edge in
        let isFed = edge.source == 0 || read.contains(edge.source)
        let isRead = space.part(ofTarget: edge.target).map(written.contains) ?? true
        return isFed && isRead
      }
      if left.count == edges.count { break }
      edges = left
    }
    return EdgeSet(edges.map { space.edge(source: $0.source, target: $0.target) }, in: space)
  }
}

extension EdgeSpace {
  /// The source that a target belongs to, as a number; nil for the output.
  func part(ofTarget target: Int) -> Int? {
    switch self.target(target) {
    case .query(let layer, let head), .key(let layer, let head), .value(let layer, let head):
      number(of: .head(layer: layer, head: head))
    case .feedForward(let layer): number(of: ResidualEdge.Source.feedForward(layer: layer))
    case .output: nil
    }
  }

  /// What a source reads, as numbers of targets.
  func inputs(of source: Int) -> [Int] {
    switch self.source(source) {
    case .embedding: []
    case .head(let layer, let head):
      [
        ResidualEdge.Target.query(layer: layer, head: head), .key(layer: layer, head: head),
        .value(layer: layer, head: head),
      ].compactMap(number)
    case .feedForward(let layer):
      [number(of: ResidualEdge.Target.feedForward(layer: layer))].compactMap(\.self)
    }
  }
}

/// A binary heap: the element with the largest key comes first, of equal ones the one that came first.
private struct BestFirst<Element> {
  private var heap: [(key: Double, age: Int, element: Element)] = []
  private var count = 0

  mutating func insert(_ element: Element, by key: Double) {
    heap.append((key, count, element))
    count += 1
    var child = heap.count - 1
    while child > 0, precedes(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() -> Element? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return first.element }
    heap[0] = last
    var parent = 0
    while true {
      let children = (2 * parent + 1...2 * parent + 2).filter(heap.indices.contains)
      guard let best = children.min(by: precedes), precedes(best, parent) else { break }
      heap.swapAt(best, parent)
      parent = best
    }
    return first.element
  }

  private func precedes(_ a: Int, _ b: Int) -> Bool {
    (-heap[a].key, heap[a].age) < (-heap[b].key, heap[b].age)
  }
}
