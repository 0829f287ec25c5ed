import ExactText

/// The lines `#=> ...` directly below a line of statements: what those have shown when the script was right.
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

  /// What stands behind the mark and one blank, which may be missing; nil for another line.
  private func expected(_ line: String) -> String? {
    // No string goes on in a further line, so that a line that begins with the mark is a comment.
    let line = line.drop { $0 == " " || $0 == "\t" }
    guard line.hasPrefix(ExpectedOutput.mark) else { return nil }
    let rest = line.dropFirst(ExpectedOutput.mark.count)
    return String(rest.first == " " ? rest.dropFirst() : rest)
  }
}

// MARK: Lines that belong to nothing
extension Script {
  /// Refuses lines of expectations that are not directly below a command of the top level, or below another such line:
  /// nobody would compare them.
  public func checkExpectations() throws {
    let placed = expectedOutputs.reduce(into: Set<Int>()) { $0.formUnion($1.lines) }
    guard
      let line = (0..<source.lineCount).first(where: {
        expected(source.line($0)) != nil && !placed.contains($0)
      })
    else { return }
    throw SyntaxFault.misplacedExpectation(isInside: isInsideStatement(line)).at(source.spanOfText(line))
  }

  private func isInsideStatement(_ line: Int) -> Bool {
    let offset = source.span(ofLine: line).range.lowerBound
    return statements.contains { $0.span.range.lowerBound < offset && offset < $0.span.range.upperBound }
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

  /// Of a line, without the blanks before and behind its text.
  fileprivate func spanOfText(_ index: Int) -> Span {
    let range = lineRange(index)
    func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    let start = utf8[range].firstIndex { !isBlank($0) } ?? range.upperBound
    let end = utf8[range].lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
    return Span(self, start..<end)
  }
}
