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

  func lines(width: Int) -> [String] {
    let title = [options.bold(plot.title.escapingControls), options.dim(plot.subtitle.escapingControls)]
      .filter { !$0.isEmpty }
    if plot.words.isEmpty { return title + [options.dim("(no words)")] }
    let edges = patterns.map { pathLines($0, width: width) } ?? edgeLines(width: width)
    let blocks = [title, influenceLines(width: width), edges, noteLines(width: width)]
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

  private func influenceLines(width: Int) -> [String] {
    let kinds = plot.influenceKinds
    guard !kinds.isEmpty else { return [] }
    let tokenWidth = tokenWidth(in: width)
    let numbers = kinds.map { kind in
      alignNumbers(plot.words.map(kind.value(of:)), precision: min(options.precision, 3))
    }
    let used = positionWidth + 1 + tokenWidth + numbers.map { ($0.first?.count ?? 0) + 3 }.reduce(0, +)
    let bars = TextBars(
      plot.words.flatMap { word in kinds.compactMap { $0.value(of: word) } },
      width: min(16, (width - used) / kinds.count), marks: marks)
    let header = zip(kinds, numbers).map { kind, texts in
      "  "
        + padRight(
          padLeft(kind.name, to: texts.first?.count ?? 0), to: (texts.first?.count ?? 0) + 1 + bars.width)
    }
    let hidden = plot.hiddenPositions
    let rows = plot.words.enumerated().map { index, word in
      let isDim = hidden.contains(word.position) && word.position != plot.target
      let cells = zip(kinds, numbers).map { kind, texts in
        "  " + texts[index] + (bars.width > 0 ? " " + bars.bar(kind.value(of: word), isColored: !isDim) : "")
      }
      let label = label(word, tokenWidth: tokenWidth)
      if isDim { return options.dim(trimmingEnd(label + cells.joined())) }
      return trimmingEnd((word.position == plot.target ? options.bold(label) : label) + cells.joined())
    }
    let heading = spaces(positionWidth + 1 + tokenWidth) + header.joined()
    return [options.bold(trimmingEnd(heading))] + rows
  }

  // MARK: Notes

  private func noteLines(width: Int) -> [String] {
    let target = plot.words.first { $0.position == plot.target }?.token.escapingControls ?? ""
    var notes = ["Q reads h\(plot.layers) at \(plot.target) \(target)"]
    notes += marks.key(of: Set(plot.shownEdges.map(\.route.kind)), isAggregate: plot.isAggregate)
    let hidden = plot.hiddenPositions.subtracting([plot.target]).count
    if hidden > 0 {
      let share = formatNumber(plot.hidesBelow * 100, precision: 3)
      notes.append("\(plural(hidden, "word")) below \(share) % of the input influence: no pattern shown")
    }
    return wrapped(notes, width: width).map(options.dim)
  }

  /// `notes` two spaces apart on as few lines as possible.
  private func wrapped(_ notes: [String], width: Int) -> [String] {
    var lines: [String] = []
    for note in notes {
      if let last = lines.last, displayWidth(last) + 3 + displayWidth(note) <= width {
        lines[lines.count - 1] = last + "   " + note
      } else {
        lines.append(note)
      }
    }
    return lines.map { truncate($0, to: width, ellipsis: options.ellipsis) }
  }
}
