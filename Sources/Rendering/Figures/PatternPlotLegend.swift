import ExactText
import Results

/// What the marks of a pattern plot mean, in rows below it.
struct PatternPlotLegend {
  enum Symbol: Equatable {
    /// A heading in front of what follows.
    case none
    case line(InfluenceSign, isDashed: Bool, label: String?, width: Double)
    case bar(InfluenceKind)
    case targetRow
    case quantity
    case hiddenWord

    var width: Double {
      switch self {
      case .none: 0
      case .line: 44
      case .bar, .targetRow: 22
      case .quantity, .hiddenWord: 20
      }
    }
  }

  struct Entry {
    let symbol: Symbol
    let text: String
    /// Left end, on the middle of the line.
    let origin: Point

    /// Where its text begins.
    var textX: Double { origin.x + symbol.width + (symbol.width > 0 ? 7 : 0) }
  }

  static let fontSize = 12.0
  private static let lineHeight = 22.0
  private static let gap = 26.0

  let entries: [Entry]
  let bottom: Double

  init(_ plot: PatternPlot, origin: Point, width: Double) {
    var (entries, y): ([Entry], Double) = ([], origin.y)
    for group in [Self.routes(plot), Self.weights(plot), Self.bars(plot), Self.rows(plot)]
    where !group.isEmpty {
      var x = origin.x
      for (symbol, text) in group {
        let entry = Entry(symbol: symbol, text: text, origin: Point(x: x, y: y))
        let end = entry.textX + estimatedWidth(text, fontSize: Self.fontSize)
        if end > origin.x + width, x > origin.x {
          y += Self.lineHeight
          let moved = Entry(symbol: symbol, text: text, origin: Point(x: origin.x, y: y))
          entries.append(moved)
          x = moved.textX + end - entry.textX + Self.gap
        } else {
          entries.append(entry)
          x = end + Self.gap
        }
      }
      y += Self.lineHeight
    }
    self.entries = entries
    bottom = y - Self.lineHeight / 2
  }

  private typealias Item = (symbol: Symbol, text: String)

  private static func routes(_ plot: PatternPlot) -> [Item] {
    let edges = plot.shownEdges
    let signs = Set(edges.map { InfluenceSign($0.influence) })
    let names: [InfluenceSign: String] = [
      .positive: "positive influence", .negative: "negative influence", .none: "influence 0 or undefined",
    ]
    var items: [Item] = InfluenceSign.allCases.filter(signs.contains).map {
      (.line($0, isDashed: false, label: nil, width: 3), names[$0] ?? "")
    }
    if edges.contains(where: { $0.route == .skip }) {
      items.append((.line(.none, isDashed: true, label: nil, width: 2), "skip connection"))
    }
    if edges.contains(where: \.route.isHead) {
      let text =
        plot.isAggregate ? "attention, number of the most frequent head" : "attention head with its number"
      items.append((.line(.none, isDashed: false, label: "5", width: 2), text))
    }
    if edges.contains(where: { $0.branch == .feedForward }) {
      items.append(
        (.line(.none, isDashed: false, label: "+mlp", width: 2), "then through the feed-forward branch"))
    }
    if edges.contains(where: { $0.route == .block }) {
      items.append((.line(.none, isDashed: false, label: nil, width: 2), "block as a whole"))
    }
    return items
  }

  private static func weights(_ plot: PatternPlot) -> [Item] {
    let greatest = plot.greatestWeight
    guard greatest > 0 else { return [] }
    let heading = plot.isAggregate ? "Width: share of the sentences" : "Width: |influence|"
    return [(.none, heading)]
      + [1, 0.5, PatternPlotSizes.thinnest / PatternPlotSizes.widest].map { share in
        let mark = share < 0.5 ? "≤ " : ""
        return (
          .line(.none, isDashed: false, label: nil, width: PatternPlotSizes.widest * share),
          mark + plot.weightText(greatest * share)
        )
      }
  }

  private static func bars(_ plot: PatternPlot) -> [Item] {
    plot.influenceKinds.map { (.bar($0), $0.description) }
  }

  private static func rows(_ plot: PatternPlot) -> [Item] {
    guard !plot.words.isEmpty else { return [] }
    var items: [Item] = [(.quantity, "quantity of interest"), (.targetRow, "the position it reads")]
    if !plot.hiddenPositions.subtracting([plot.target]).isEmpty {
      let share = formatNumber(plot.hidesBelow * 100, precision: 3)
      items.append(
        (
          .hiddenWord,
          "below \(share) % of the sum of |influence|, on the input and of the patterns: pattern not drawn"
        ))
    }
    return items
  }
}

extension PatternPlot.Edge.Route {
  var isHead: Bool {
    if case .head = self { true } else { false }
  }
}
