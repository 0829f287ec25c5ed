/// A place in a source as people count it.
public struct Location: Sendable, Equatable {
  /// From 1.
  public let line: Int
  /// From 1, in Unicode scalars: what `len(text)` of Python counts. A tab, a wide character and a
  /// combining mark are one each; a byte order mark is none.
  public let column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

extension Source {
  /// - Complexity: O(log lines + length of the line)
  public func location(of offset: Int) -> Location {
    let line = lineIndex(of: offset)
    let before = text(lineRange(line).lowerBound..<max(offset, lineRange(line).lowerBound))
    return Location(line: line + 1, column: before.unicodeScalars.count + 1)
  }

  /// The line, counted from 0, in which `offset` stands.
  func lineIndex(of offset: Int) -> Int {
    var lower = 0
    var upper = lineStarts.count
    while upper - lower > 1 {
      let middle = (lower + upper) / 2
      if lineStarts[middle] <= offset { lower = middle } else { upper = middle }
    }
    return lower
  }

  /// The bytes of a line without its line end and without a byte order mark.
  func lineRange(_ line: Int) -> Range<Int> {
    var start = lineStarts[line]
    if line == 0, utf8.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
    var end = line + 1 < lineStarts.count ? lineStarts[line + 1] - 1 : utf8.count
    if end > start, utf8[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }
}

extension Span {
  public var start: Location { source.location(of: range.lowerBound) }
}
