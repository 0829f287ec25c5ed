/// Where the words of lines stand.
extension LineComparison {
  /// How many characters the widest change of a number or a bar takes; 0 when all are as wide as they were.
  ///
  /// - Precondition: the lines agree, pair by pair.
  func widthChange(_ expected: [String], _ found: [String]) -> Int {
    let pairs = zip(expected, found).lazy.flatMap { zip(words($0), words($1)) }
    return pairs.map { abs($0.count - $1.count) }.max() ?? 0
  }

  /// Whether two lines that agree have their words in the same columns, but for other widths of numbers.
  ///
  /// A number that is wider moves what follows it, in its own line and, as it widens its column, in the others.
  ///
  /// - Parameter widthChange: of the whole text; the blanks between two columns depend on both.
  func isLaidOut(_ found: String, as expected: String, widthChange: Int) -> Bool {
    zip(blanks(expected), blanks(found)).allSatisfy { abs($0 - $1) <= 2 * widthChange }
  }

  private func words(_ line: String) -> [Substring] { line.split(whereSeparator: \.isWhitespace) }

  /// The numbers of blanks in front of each word.
  private func blanks(_ line: String) -> [Int] {
    var (runs, run, isInside) = ([Int](), 0, false)
    for character in line {
      if character.isWhitespace {
        (run, isInside) = (run + 1, false)
      } else if !isInside {
        runs.append(run)
        (run, isInside) = (0, true)
      }
    }
    return runs
  }
}

extension LineParts {
  /// Whether a line is one of a drawing: it has lines or blocks.
  static func areDrawn(_ line: String) -> Bool {
    line.unicodeScalars.contains { 0x2500...0x259F ~= $0.value }
  }
}
