extension Scanner {
  /// `12`, `1_000`, `0.5`, `1e-5`, `0x1F`. The `.` of `3..5` belongs to the range.
  func number(at start: Int) throws -> (value: Double, end: Int) {
    let isHexadecimal = self[start] == UInt8(ascii: "0") && self[start + 1] == UInt8(ascii: "x")
    let end = isHexadecimal ? try hexadecimal(at: start) : try decimal(at: start)
    if continuesName(end) { throw runsIntoName(start) }
    let digits = String(decoding: source.utf8[start..<end].filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
    guard let value = Double(digits), value.isFinite else {
      throw SyntaxFault.numberTooLarge.at(span(start..<end))
    }
    return (value, end)
  }

  private func hexadecimal(at start: Int) throws -> Int {
    try digits(at: start + 2, of: start, where: \.isHexadecimalDigit)
  }

  private func decimal(at start: Int) throws -> Int {
    var end = try digits(at: start, of: start, where: \.isDecimalDigit)
    if self[end] == UInt8(ascii: "."), self[end + 1] != UInt8(ascii: ".") {
      end = try digits(at: end + 1, of: start, where: \.isDecimalDigit)
    }
    guard self[end] == UInt8(ascii: "e") || self[end] == UInt8(ascii: "E") else { return end }
    let isSigned = self[end + 1] == UInt8(ascii: "-") || self[end + 1] == UInt8(ascii: "+")
    return try digits(at: end + (isSigned ? 2 : 1), of: start, where: \.isDecimalDigit)
  }

  /// The end of a run of at least one digit with single `_` between digits.
  private func digits(at start: Int, of number: Int, where isDigit: (UInt8) -> Bool) throws -> Int {
    func hasDigit(_ offset: Int) -> Bool {
      self[offset].map(isDigit) ?? false
    }
    guard hasDigit(start) else { throw malformed(number, "a digit is missing") }
    var end = start + 1
    while true {
      if hasDigit(end) {
        end += 1
      } else if self[end] == UInt8(ascii: "_") {
        guard hasDigit(end + 1) else { throw malformed(number, "`_` stands between digits only") }
        end += 1
      } else {
        return end
      }
    }
  }

  /// `2G`: sizes and other texts that begin with a digit are quoted.
  private func runsIntoName(_ start: Int) -> Diagnostic {
    let place = spanOfNumber(start)
    return SyntaxFault.malformedNumber(
      "a number cannot run into a name", remedy: "a text stands in quotes: `\"\(place.text.clipped)\"`"
    ).at(place)
  }

  private func malformed(_ start: Int, _ reason: String) -> Diagnostic {
    SyntaxFault.malformedNumber(reason).at(spanOfNumber(start))
  }

  /// All that a reader takes for the number.
  private func spanOfNumber(_ start: Int) -> Span {
    var end = endOfNamePart(start)
    while self[end] == UInt8(ascii: "."), self[end + 1] != UInt8(ascii: ".") { end = endOfNamePart(end + 1) }
    return span(start..<end)
  }
}

extension UInt8 {
  fileprivate var isDecimalDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  fileprivate var isHexadecimalDigit: Bool {
    isDecimalDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20)
  }
}
