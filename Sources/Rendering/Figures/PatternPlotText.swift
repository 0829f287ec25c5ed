import ExactText
import Results

/// A pattern plot on a terminal: the words with their influences as numbers and bars, then each word's
/// pattern on a line, or, where words have several, the edges of each layer.
struct PatternPlotText {
  let plot: PatternPlot
  let options: RenderOptions
  let marks: PatternMarks

  init(_ plot: PatternPlot, _ options: RenderOptions) {
    self.plot = plot
    self.options = options
    marks = PatternMarks(options)
  }

  /// - Throws: ``Interrupted``.
  func lines(width: Int) throws -> [StyledText] {
    let title = [options.bold(plot.title.escapingControls), options.dim(plot.subtitle.escapingControls)]
      .filter { !$0.isEmpty }
    if plot.words.isEmpty { return title + [options.dim("(no words)")] }
    let edges = patterns.map { pathLines($0, width: width) } ?? edgeLines(width: width)
    let blocks = [title, try influenceLines(width: width), edges, noteLines(width: width)]
    return Array(blocks.filter { !$0.isEmpty }.joined(separator: [""]))
  }

  // MARK: Words

  var positionWidth: Int { plot.words.map { String($0.position).count }.max() ?? 1 }

  /// Position and token, padded to one width.
  func label(_ word: PatternPlot.Word, tokenWidth: Int) -> String {
    let token = truncate(word.token.escapingControls, to: tokenWidth, ellipsis: options.ellipsis)
    return padLeft(String(word.position), to: positionWidth) + " " + padRight(token, to: tokenWidth)
  }

  func tokenWidth(in width: Int) -> Int {
    let longest = plot.words.map { displayWidth($0.token.escapingControls) }.max() ?? 0
    return min(longest, max(8, min(width / 5, 24)))
  }

  private func influenceLines(width: Int) throws -> [StyledText] {
    let kinds = plot.influenceKinds
    guard !kinds.isEmpty else { return [] }
    let tokenWidth = tokenWidth(in: width)
    let numbers = try kinds.map { kind in
      try alignNumbers(plot.words.map(kind.value(of:)), precision: min(options.precision, 3))
    }
    let used = positionWidth + 1 + tokenWidth + numbers.map { ($0.first?.count ?? 0) + 3 }.reduce(0, +)
    let bars = TextBars(
      plot.words.flatMap { word in kinds.compactMap { $0.value(of: word) } },
      width: min(16, (width - used) / kinds.count), marks: marks)
    let columns = zip(kinds, numbers).map { InfluenceColumn(kind: $0, numbers: $1, bars: bars) }
    let heading = spaces(positionWidth + 1 + tokenWidth) + columns.map(\.heading).joined()
    return [options.bold(trimmingEnd(heading))] + influenceRows(columns, tokenWidth: tokenWidth)
  }

  private func influenceRows(_ columns: [InfluenceColumn], tokenWidth: Int) -> [StyledText] {
    let hidden = plot.hiddenPositions.subtracting([plot.target])
    return plot.words.enumerated().map { index, word in
      let isHidden = hidden.contains(word.position)
      let cells = columns.map { $0.cell(index, word, isColored: !isHidden) }.joined()
      let label = label(word, tokenWidth: tokenWidth)
      if isHidden { return options.dim(trimmingEnd(label + cells.plain)) }
      return ((word.position == plot.target ? options.bold(label) : StyledText(label)) + cells).trimmingEnd
    }
  }

  // MARK: Notes

  private func noteLines(width: Int) -> [StyledText] {
    let target = plot.words.first { $0.position == plot.target }?.token.escapingControls ?? ""
    var notes = ["Q reads \(HiddenState.label(plot.layers)) at \(plot.target) \(target)"]
    notes += marks.key(of: Set(plot.shownEdges.flatMap(\.kinds)), isAggregate: plot.isAggregate)
    let hidden = plot.hiddenPositions.subtracting([plot.target]).count
    if hidden > 0 {
      let share = formatNumber(plot.hidesBelow * 100, precision: 3)
      notes.append(
        "\(plural(hidden, "word")) below \(share) % of the influence on the input and of the patterns: no pattern shown"
      )
    }
    return wrapped(notes, width: width).map(options.dim)
  }

  /// `notes` apart on as few lines as possible; one that is longer than a line breaks at spaces.
  private func wrapped(_ notes: [String], width: Int) -> [String] {
    var lines: [String] = []
    for note in notes {
      let pieces = displayWidth(note) <= width ? [note] : note.split(separator: " ").map(String.init)
      for (index, piece) in pieces.enumerated() {
        let gap = index == 0 ? "   " : " "
        if let last = lines.last, displayWidth(last + gap + piece) <= width {
          lines[lines.count - 1] = last + gap + piece
        } else {
          lines.append(truncate(piece, to: width, ellipsis: options.ellipsis))
        }
      }
    }
    return lines
  }
}

/// The influences of one kind as numbers and bars, with a gap in front.
private struct InfluenceColumn {
  let kind: InfluenceKind
  /// Of equal width.
  let numbers: [String]
  let bars: TextBars

  private var numberWidth: Int { numbers.first?.count ?? 0 }

  /// Of a cell without its bar.
  private var textWidth: Int { bars.width > 0 ? numberWidth : max(numberWidth, kind.name.count) }

  var heading: String {
    let name = bars.width > 0 ? padLeft(kind.name, to: numberWidth) : kind.name
    return "  " + padRight(name, to: textWidth + (bars.width > 0 ? 1 + bars.width : 0))
  }

  func cell(_ index: Int, _ word: PatternPlot.Word, isColored: Bool) -> StyledText {
    let bar = bars.width > 0 ? " " + bars.bar(kind.value(of: word), isColored: isColored) : ""
    return "  \(padRight(numbers[index], to: textWidth))\(bar)"
  }
}
