import ExactText
import Results

/// An edge with its place on the drawing.
struct PlacedEdge {
  struct Label: Equatable {
    let text: String
    let box: Box
  }

  let edge: PatternPlot.Edge
  let curve: Curve
  /// Of the line.
  let width: Double
  /// The head's number, and `+mlp` where it goes on through the feed-forward branch; nil without either.
  let label: Label?
}

/// Places the edges between two neighbouring columns, and their labels so that none covers another or a node.
///
/// Several edges between the same two nodes bulge apart. A label goes where it covers the fewest lines, near
/// the middle of its own; the widest edges choose first.
struct PatternPlotGap {
  struct Style {
    let nodeRadius: Double
    let fontSize: Double
    /// Distance between neighbouring lines that join the same nodes.
    let spread: Double
    /// Greatest distance of the outermost of them.
    let widest: Double
  }

  private let edges: [PatternPlot.Edge]
  private let lineWidths: [Double]
  /// Row's y by position; every end of an edge has one, as `PatternPlot` checks.
  private let rows: [Int: Double]
  private let style: Style

  init(
    _ edges: [PatternPlot.Edge], lineWidth: (PatternPlot.Edge) -> Double, rows: [Int: Double], style: Style
  ) {
    // Thin lines are drawn over wide ones.
    self.edges = edges.map { (edge: $0, width: lineWidth($0)) }.stableSorted { $0.width > $1.width }.map(
      \.edge)
    lineWidths = self.edges.map(lineWidth)
    self.rows = rows
    self.style = style
  }

  /// The edges with the left column at `left`, and the distance of the columns: `width` or, where that leaves
  /// no room for all labels, more.
  func placed(left: Double, width: Double) -> (edges: [PlacedEdge], width: Double) {
    // This ends: a label shuts another out of no more than the sum of their widths, so in a gap that is wide
    // enough each finds a place beside all others.
    var width = width
    while true {
      if let edges = attempt(left: left, right: left + width) { return (edges, width) }
      width *= 1.25
    }
  }

  private func attempt(left: Double, right: Double) -> [PlacedEdge]? {
    let curves = curves(left: left, right: right)
    let lines = curves.map(\.corners)
    var taken: [Box] = []
    var placed: [PlacedEdge] = []
    for (index, edge) in edges.enumerated() {
      var label: PlacedEdge.Label?
      if let text = edge.labelText {
        guard let box = box(for: text, along: index, of: curves, lines: lines, avoiding: taken) else {
          return nil
        }
        taken.append(box)
        label = .init(text: text, box: box)
      }
      placed.append(PlacedEdge(edge: edge, curve: curves[index], width: lineWidths[index], label: label))
    }
    return placed
  }

  // MARK: Lines

  private struct Ends: Hashable {
    let from: Int
    let to: Int
  }

  private func curves(left: Double, right: Double) -> [Curve] {
    var curves = [Curve?](repeating: nil, count: edges.count)
    for (ends, members) in Dictionary(
      grouping: edges.indices, by: { Ends(from: edges[$0].from, to: edges[$0].to) })
    {
      let ordered = members.stableSorted {
        (edges[$0].route.rank, edges[$0].branchRank) < (edges[$1].route.rank, edges[$1].branchRank)
      }
      let spread = min(style.spread, style.widest / Double(max(1, ordered.count - 1)))
      for (place, index) in ordered.enumerated() {
        let bulge = (Double(ordered.count - 1) / 2 - Double(place)) * spread
        curves[index] = Curve(
          start: Point(x: left, y: rows[ends.from] ?? 0), end: Point(x: right, y: rows[ends.to] ?? 0),
          bulge: bulge)
      }
    }
    return curves.compactMap { $0 }
  }

  // MARK: Labels

  private static let labelDistance = 1.5

  private func box(
    for text: String, along index: Int, of curves: [Curve], lines: [[Point]], avoiding taken: [Box]
  ) -> Box? {
    let curve = curves[index]
    let size = (width: estimatedWidth(text, fontSize: style.fontSize) + 4, height: style.fontSize + 3)
    let margin = style.nodeRadius + 4
    let steps = max(80, 4 * (edges.count + 1))
    var best: (cost: Double, box: Box)?
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      let box = Box(center: curve.point(at: share), width: size.width, height: size.height)
      guard box.x >= curve.start.x + margin, box.maxX <= curve.end.x - margin else { continue }
      if taken.contains(where: box.widened(by: Self.labelDistance).intersects) { continue }
      // Anything is better than covering another line.
      var cost = abs(share - 0.5)
      if let best, cost >= best.cost { continue }
      cost += Double(crossings(of: box, except: index, lines))
      if best.map({ cost < $0.cost }) ?? true { best = (cost, box) }
    }
    return best?.box
  }

  private func crossings(of box: Box, except own: Int, _ lines: [[Point]]) -> Int {
    var count = 0
    for (index, line) in lines.enumerated() where index != own {
      for corner in 1..<line.count where box.intersects(segment: line[corner - 1], line[corner]) {
        count += 1
        break
      }
    }
    return count
  }
}

extension PatternPlot.Edge {
  /// Of the third level; the rest of it goes without saying.
  var branchMark: String { branch == .feedForward ? "+mlp" : "" }

  var labelText: String? {
    if case .head(let number) = route { return "\(number)\(branchMark)" }
    return branch == .feedForward ? branchMark : nil
  }

  /// Below the line that goes past the feed-forward branch, one that goes through it.
  fileprivate var branchRank: Int { branch == .feedForward ? 1 : 0 }
}

extension PatternPlot.Edge.Route {
  /// Order of parallel edges, from the top.
  fileprivate var rank: Int {
    switch self {
    case .skip: -2
    case .block: -1
    case .head(let number): number
    }
  }
}

extension Sequence {
  /// Sorted with equal elements in the order in which they came.
  fileprivate func stableSorted(by precedes: (Element, Element) -> Bool) -> [Element] {
    enumerated().sorted {
      precedes($0.element, $1.element) || !precedes($1.element, $0.element) && $0.offset < $1.offset
    }.map(\.element)
  }
}
