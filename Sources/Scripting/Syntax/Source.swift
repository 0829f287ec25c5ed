/// One text that was parsed: a file, a `-c` argument, standard input or a line of the shell.
public final class Source: Sendable {
  /// As diagnostics print it (`exp.ipscript`); nil in interactive use.
  public let name: String?
  public let utf8: [UInt8]
  /// The `source` statement that brought this text in, innermost first.
  public let includedFrom: Span?
  /// UTF-8 offset at which each line begins.
  let lineStarts: [Int]

  public init(name: String?, text: String, includedFrom: Span? = nil) {
    self.name = name
    self.utf8 = Array(text.utf8)
    self.includedFrom = includedFrom
    var starts = [0]
    for (offset, byte) in utf8.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    lineStarts = starts
  }

  /// The beginning of the scalar that the byte at `offset` belongs to.
  func scalarStart(_ offset: Int) -> Int {
    var offset = offset
    while offset > 0, offset < utf8.count, utf8[offset] & 0xC0 == 0x80 { offset -= 1 }
    return offset
  }

  /// The text of a range of UTF-8 offsets.
  public func text(_ range: Range<Int>) -> String { String(decoding: utf8[range], as: UTF8.self) }
}

/// A stretch of a source, in UTF-8 offsets.
public struct Span: Sendable {
  public let source: Source
  public let range: Range<Int>

  public init(_ source: Source, _ range: Range<Int>) {
    self.source = source
    self.range = range
  }

  public var text: String { source.text(range) }

  /// The smallest span that covers both; both belong to one source.
  public func union(_ other: Span) -> Span {
    Span(
      source,
      min(range.lowerBound, other.range.lowerBound)..<max(range.upperBound, other.range.upperBound))
  }
}
