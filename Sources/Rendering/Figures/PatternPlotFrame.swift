import ExactText
import Results

/// A line of text whose baseline starts at `origin`.
struct PlacedText: Equatable {
  let text: String
  let origin: Point
}

/// The outer parts of a pattern plot: title, subtitle, the widths of words and bars.
struct PatternPlotFrame {
  static let margin = 24.0
  static let titleSize = 18.0
  static let subtitleSize = 13.0

  let title: [PlacedText]
  let subtitle: [PlacedText]
  /// Right end of the words.
  let wordsRight: Double
  let barsLeft: Double
  let columnsLeft: Double
  /// Top of the first row.
  let top: Double
  let width: Double

  init(_ plot: PatternPlot, _ sizes: PatternPlotSizes, columnsWidth: Double) {
    let tokens = plot.words.map { estimatedWidth(sizes.label($0), fontSize: sizes.fontSize) }.max() ?? 0
    wordsRight = Self.margin + 30 + max(40, tokens)
    barsLeft = wordsRight + 14
    columnsLeft = barsLeft + (plot.influenceKinds.isEmpty ? 0 : sizes.barsWidth + 40) + 10
    width = max(
      560, columnsLeft + columnsWidth + sizes.quantityDistance + sizes.quantityRadius + Self.margin)
    var y = Self.margin - 8
    title = Self.lines(plot.title, size: Self.titleSize, width: width - 2 * Self.margin, below: &y)
    subtitle = Self.lines(plot.subtitle, size: Self.subtitleSize, width: width - 2 * Self.margin, below: &y)
    top = y + 62
  }

  /// `text` wrapped between words; `y` moves to its last baseline.
  private static func lines(_ text: String, size: Double, width: Double, below y: inout Double)
    -> [PlacedText]
  {
    wrapped(text.escapingControls, fontSize: size, width: width).map { line in
      y += size * 1.3
      return PlacedText(text: line, origin: Point(x: margin, y: y))
    }
  }
}

/// Lines of `text` no wider than `width`, broken at spaces, or within a word that is wider by itself.
func wrapped(_ text: String, fontSize: Double, width: Double) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ") {
    var word = String(word)
    let joined = line.isEmpty ? word : line + " " + word
    if estimatedWidth(joined, fontSize: fontSize) <= width {
      line = joined
      continue
    }
    if !line.isEmpty { lines.append(line) }
    while estimatedWidth(word, fontSize: fontSize) > width, word.count > 1 {
      let head = beginning(of: word, fontSize: fontSize, width: width)
      lines.append(head)
      word.removeFirst(head.count)
    }
    line = word
  }
  return line.isEmpty ? lines : lines + [line]
}

/// As many characters as fit, at least one.
private func beginning(of text: String, fontSize: Double, width: Double) -> String {
  var head = ""
  for character in text {
    let longer = head + String(character)
    if !head.isEmpty, estimatedWidth(longer, fontSize: fontSize) > width { break }
    head = longer
  }
  return head
}
