import ExactText
import Faults
import Results
import Tensors

extension ColoredWords {
  /// The colours of its numbers.
  ///
  /// - Throws: ``Interrupted``.
  var scale: ColorScale {
    get throws {
      let values = try words.interruptibleMap { Float($0.value) }
      return try ColorScale(Tensor(shape: [values.count], values))
    }
  }
}

/// Coloured words on a terminal; where there is no colour, each with its number.
struct ColoredWordsText {
  let words: ColoredWords
  let options: RenderOptions

  init(_ words: ColoredWords, _ options: RenderOptions) {
    self.words = words
    self.options = options
  }

  private static let widest = 100

  /// - Throws: ``Interrupted``.
  func lines(width: Int) throws -> [StyledText] {
    let width = min(width, Self.widest)
    let scale = try words.scale
    let heading =
      options.lines(of: words.title, width: width).map(options.bold)
      + options.lines(of: words.subtitle, width: width).map(options.dim)
    guard !words.words.isEmpty else { return heading + [options.dim("(no words)")] }
    let parts = try words.words.interruptibleMap { part($0, scale, width: width) }
    var (lines, used, steps) = ([StyledText](), 0, Steps())
    for part in parts {
      try steps.next()
      let needed = displayWidth(part.plain)
      if let last = lines.indices.last, used + 1 + needed <= width {
        lines[last] += " " + part
        used += 1 + needed
      } else {
        lines.append(part)
        used = needed
      }
    }
    let axis = options.lines(of: words.axis, width: width)
    return heading + lines + (options.color ? [StyledText(axis.first ?? "") + "  " + scale.bar(options)] : [])
  }

  private func part(_ word: ColoredWords.Word, _ scale: ColorScale, width: Int) -> StyledText {
    let text = truncate(word.text.escapingControls, to: max(1, width - 2), ellipsis: options.ellipsis)
    if options.color { return scale.background(of: " \(text) ", word.value, trueColor: options.trueColor) }
    let sign = word.value > 0 && scale.lower < 0 ? "+" : ""
    return StyledText("\(text)(\(sign)\(formatNumber(word.value, precision: min(options.precision, 3))))")
  }
}
