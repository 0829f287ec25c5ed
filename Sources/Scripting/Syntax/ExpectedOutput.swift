/// The lines `#=> ...` directly behind a line of statements: what those have shown when the script was right.
public struct ExpectedOutput: Sendable {
  /// Statements of the script that end on one line, by their indices.
  public let statements: Range<Int>
  /// The line, counted from 0, on which the last of them ends.
  public let endLine: Int
  /// The lines of the expectation, counted from 0; empty without one.
  public let lines: Range<Int>
  /// Their texts behind the mark.
  public let text: [String]

  public static let mark = "#=>"
}

extension Script {
  /// The statements in order, grouped by the lines on which they end, each group with its expectation.
  public var expectedOutputs: [ExpectedOutput] {
    var groups: [ExpectedOutput] = []
    var first = 0
    for index in statements.indices {
      let end = source.lineIndex(of: statements[index].span.range.upperBound)
      let next = index + 1
      if next < statements.count, source.lineIndex(of: statements[next].span.range.lowerBound) == end {
        continue
      }
      groups.append(expectedOutput(of: first..<next, endingAt: end))
      first = next
    }
    return groups
  }

  private func expectedOutput(of statements: Range<Int>, endingAt end: Int) -> ExpectedOutput {
    var text: [String] = []
    while end + 1 + text.count < source.lineCount, let line = expected(source.line(end + 1 + text.count)) {
      text.append(line)
    }
    return ExpectedOutput(
      statements: statements, endLine: end, lines: end + 1..<end + 1 + text.count, text: text)
  }

  /// What stands behind the mark; nil for another line. The mark of an empty line needs no blank behind it.
  private func expected(_ line: String) -> String? {
    guard line.hasPrefix(ExpectedOutput.mark) else { return nil }
    let rest = line.dropFirst(ExpectedOutput.mark.count)
    guard let first = rest.first else { return "" }
    return first == " " ? String(rest.dropFirst()) : nil
  }
}

extension Source {
  /// At least 1; a final line end begins an empty line.
  public var lineCount: Int { lineStarts.count }

  /// A line, counted from 0, without its line end.
  public func line(_ index: Int) -> String { text(lineRange(index)) }

  /// The same with the line end, where there is one.
  public func lineWithEnd(_ index: Int) -> String {
    text(lineStarts[index]..<(index + 1 < lineStarts.count ? lineStarts[index + 1] : utf8.count))
  }

  public func span(ofLine index: Int) -> Span { Span(self, lineRange(index)) }
}
