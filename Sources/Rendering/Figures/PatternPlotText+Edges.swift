import ExactText
import Results

extension PatternPlotText {
  /// The step at each layer of the pattern of the word at `position`.
  struct TextPattern {
    let position: Int
    let steps: [PatternPlot.Edge]
  }

  /// The pattern of every word that is drawn; nil where some word has not exactly one.
  var patterns: [TextPattern]? {
    var byWord: [Int: [PatternPlot.Edge]] = [:]
    for edge in plot.shownEdges {
      if edge.words.isEmpty { return nil }
      for word in edge.words { byWord[word, default: []].append(edge) }
    }
    let hidden = plot.hiddenPositions
    var patterns: [TextPattern] = []
    for word in plot.words where !hidden.contains(word.position) {
      guard let edges = byWord[word.position] else { continue }
      let steps = edges.sorted { $0.layer < $1.layer }
      let starts = [word.position] + steps.dropLast().map(\.to)
      guard steps.map(\.layer) == Array(0..<plot.layers), steps.map(\.from) == starts else { return nil }
      patterns.append(TextPattern(position: word.position, steps: steps))
    }
    return patterns
  }

  // MARK: One pattern a line

  /// `2 author  + 2 ┄┄┄→ 2 ─H3→ 7` under headings h0, h1, ...; as many layers side by side as fit.
  func pathLines(_ patterns: [TextPattern], width: Int) -> [StyledText] {
    guard !patterns.isEmpty else { return [options.dim("(no patterns)")] }
    let tokenWidth = tokenWidth(in: width)
    let edgeWidth = patterns.flatMap(\.steps).map { displayWidth(marks.edge($0, width: 4)) }.max() ?? 0
    let cell = positionWidth + edgeWidth + 2
    let prefix = positionWidth + 1 + tokenWidth + 2 + 2
    let end = max(positionWidth, max(2, positionWidth) - 2 + HiddenState.source(plot.layers).count)
    let fitting = max(1, (width - prefix - end) / cell)
    let parts = (plot.layers + fitting - 1) / fitting
    let size = (plot.layers + parts - 1) / parts
    let blocks = stride(from: 0, to: plot.layers, by: size).map { first in
      let layers = first..<min(first + size, plot.layers)
      let header = (layers.lowerBound...layers.upperBound).map { layer in
        padRight(padLeft("h\(layer)", to: positionWidth), to: cell)
      }
      let sources = (layers.lowerBound...layers.upperBound).map { layer in
        padRight(spaces(positionWidth - 2) + HiddenState.source(layer), to: cell)
      }
      return [
        options.bold(trimmingEnd(spaces(prefix) + header.joined())),
        options.dim(trimmingEnd(spaces(prefix) + sources.joined())),
      ]
        + patterns.map { path($0, layers, tokenWidth: tokenWidth, edgeWidth: edgeWidth) }
    }
    return Array(blocks.joined(separator: [""]))
  }

  private func path(_ pattern: TextPattern, _ layers: Range<Int>, tokenWidth: Int, edgeWidth: Int)
    -> StyledText
  {
    let word = plot.words.first { $0.position == pattern.position }
    let steps = pattern.steps[layers].map { edge -> StyledText in
      let arrow = marks.colored(marks.edge(edge, width: edgeWidth), InfluenceSign(edge.influence))
      return "\(padLeft(String(edge.from), to: positionWidth)) \(arrow) "
    }
    let sign = marks.sign(InfluenceSign(pattern.steps[0].influence))
    let end = padLeft(String(pattern.steps[layers.upperBound - 1].to), to: positionWidth)
    let name = word.map { label($0, tokenWidth: tokenWidth) } ?? ""
    return "\(name)  \(sign) \(steps.joined())\(end)"
  }

  // MARK: The edges of each layer

  /// Of a layer's edges on a terminal, the heaviest.
  private static let shownOfLayer = 12

  func edgeLines(width: Int) -> [StyledText] {
    let byLayer = Dictionary(grouping: plot.shownEdges, by: \.layer)
    let isUnlimited = options.width == .max
    let lines = byLayer.keys.sorted().flatMap { layer -> [StyledText] in
      let edges = (byLayer[layer] ?? []).enumerated().sorted {
        ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset)
      }.map(\.element)
      let shown = Array(edges.prefix(isUnlimited ? edges.count : Self.shownOfLayer))
      let heading = "h\(layer)\(marks.arrow)h\(layer + 1)  L\(layer)"
      let rest = edges.count - shown.count
      return [options.bold(heading)] + grid(shown, width: min(width, 120) - 2).map { "  " + $0 }
        + (rest > 0 ? [options.dim("  \(options.ellipsis) \(plural(rest, "more edge"))")] : [])
    }
    return lines.isEmpty ? [options.dim("(no patterns)")] : lines
  }

  /// The edges in columns of equal width, row by row.
  private func grid(_ edges: [PatternPlot.Edge], width: Int) -> [StyledText] {
    let edgeWidth = edges.map { displayWidth(marks.edge($0, width: 0)) }.max() ?? 0
    let weights = edges.map {
      plot.isAggregate ? plot.weightText($0.weight) : formatNumber($0.influence, precision: 2)
    }
    let weightWidth = weights.map(\.count).max() ?? 0
    let cells = zip(edges, weights).map { edge, weight -> StyledText in
      let sign = InfluenceSign(edge.influence)
      let (from, to) = (
        padLeft(String(edge.from), to: positionWidth), padLeft(String(edge.to), to: positionWidth)
      )
      return
        "\(marks.sign(sign)) \(from) \(marks.colored(marks.edge(edge, width: edgeWidth), sign)) \(to)  "
        + StyledText(padLeft(weight, to: weightWidth))
    }
    let cellWidth = 2 + 2 * positionWidth + 2 + edgeWidth + 2 + weightWidth
    let perLine = max(1, (width + 3) / (cellWidth + 3))
    return stride(from: 0, to: cells.count, by: perLine).map { first in
      cells[first..<min(first + perLine, cells.count)].joined(separator: "   ")
    }
  }
}
