import Results

/// Where everything of a pattern plot stands, in pixels. Knows nothing of SVG.
struct PatternPlotLayout {
  struct Row {
    let word: PatternPlot.Word
    /// The token as it fits.
    let label: String
    let y: Double
    let isHidden: Bool
    let isTarget: Bool
  }

  struct Node {
    let center: Point
    let isUsed: Bool
  }

  let plot: PatternPlot
  let sizes: PatternPlotSizes
  let rows: [Row]
  /// Right end of the words.
  let wordsRight: Double
  let bars: PatternPlotBars
  /// x of the columns h^0 ... h^L.
  let columns: [Double]
  let nodes: [Node]
  let edges: [PlacedEdge]
  /// The last node of every pattern, and the node that stands for the quantity of interest.
  let target: Point?
  let quantity: Point?
  let title: [PlacedText]
  let subtitle: [PlacedText]
  let legend: PatternPlotLegend
  /// Around the rows, without headings.
  let field: Box
  let width: Double
  let height: Double

  init(_ plot: PatternPlot) {
    let sizes = PatternPlotSizes(plot)
    let hidden = plot.hiddenPositions
    let columnsWidth = sizes.estimatedColumnsWidth
    let frame = PatternPlotFrame(plot, sizes, columnsWidth: columnsWidth)
    let rows = plot.words.enumerated().map { index, word in
      Row(
        word: word, label: sizes.label(word), y: frame.top + (Double(index) + 0.5) * sizes.rowPitch,
        isHidden: hidden.contains(word.position), isTarget: word.position == plot.target)
    }
    let places = Dictionary(uniqueKeysWithValues: rows.map { ($0.word.position, $0.y) })
    let (edges, columns) = Self.edges(plot, sizes, rows: places, left: frame.columnsLeft)
    let last = columns[columns.count - 1]

    self.plot = plot
    self.sizes = sizes
    self.rows = rows
    wordsRight = frame.wordsRight
    self.edges = edges
    self.columns = columns
    nodes = Self.nodes(plot, edges.map(\.edge), rows: rows, columns: columns)
    target = places[plot.target].map { Point(x: last, y: $0) }
    quantity = target.map { Point(x: $0.x + sizes.quantityDistance, y: $0.y) }
    width = max(frame.width, last + sizes.quantityDistance + sizes.quantityRadius + PatternPlotFrame.margin)
    title = frame.title
    subtitle = frame.subtitle
    field = Box(
      x: PatternPlotFrame.margin / 2, y: frame.top, width: width - PatternPlotFrame.margin,
      height: sizes.rowPitch * Double(rows.count))
    bars = PatternPlotBars(
      plot, rows: rows, sizes: sizes,
      area: Box(x: frame.barsLeft, y: field.y, width: sizes.barsWidth, height: field.height))
    legend = PatternPlotLegend(
      plot, origin: Point(x: PatternPlotFrame.margin, y: field.maxY + (rows.count > 20 ? 58 : 44)),
      width: width - 2 * PatternPlotFrame.margin)
    height = legend.bottom + PatternPlotFrame.margin
  }

  private static func edges(
    _ plot: PatternPlot, _ sizes: PatternPlotSizes, rows: [Int: Double], left: Double
  ) -> (edges: [PlacedEdge], columns: [Double]) {
    let byLayer = Dictionary(grouping: plot.shownEdges, by: \.layer)
    let greatest = plot.greatestWeight
    var (edges, columns): ([PlacedEdge], [Double]) = ([], [left])
    for layer in 0..<plot.layers {
      let gap = PatternPlotGap(
        byLayer[layer] ?? [], lineWidth: { sizes.lineWidth($0.weight, greatest: greatest) }, rows: rows,
        style: sizes.gapStyle)
      let placed = gap.placed(left: columns[layer], width: sizes.columnPitch)
      edges += placed.edges
      columns.append(columns[layer] + placed.width)
    }
    return (edges, columns)
  }

  private static func nodes(
    _ plot: PatternPlot, _ edges: [PatternPlot.Edge], rows: [Row], columns: [Double]
  ) -> [Node] {
    var used = [Set<Int>](repeating: [], count: columns.count)
    for edge in edges {
      used[edge.layer].insert(edge.from)
      used[edge.layer + 1].insert(edge.to)
    }
    used[columns.count - 1].insert(plot.target)
    return columns.enumerated().flatMap { column, x in
      rows.map { row in
        Node(center: Point(x: x, y: row.y), isUsed: used[column].contains(row.word.position))
      }
    }
  }
}
