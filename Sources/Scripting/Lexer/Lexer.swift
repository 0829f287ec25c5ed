/// Text to tokens for those who colour or complete it. Nothing here throws: a line is wrong most
/// of the time it is being typed.
public enum Lexer {
  /// All tokens in order, comments and line ends among them, ``Token/Kind/end`` last. What no rule
  /// accepts is ``Token/Kind/invalid``. Knowing no commands, it reads verbatim text as ordinary text.
  public static func tokenize(_ source: Source) -> [Token] {
    let scanner = Scanner(source: source)
    var tokens: [Token] = []
    repeat {
      tokens.append(scanner.lenientToken(at: tokens.last?.range.upperBound ?? 0))
    } while tokens[tokens.count - 1].kind != .end
    return tokens
  }
}

extension Scanner {
  func lenientToken(at offset: Int) -> Token {
    do {
      return try token(at: offset)
    } catch {
      let start = skippingBlanks(offset)
      let faultEnd = (error as? Diagnostic)?.span?.range.upperBound ?? start
      let end = endOfBrokenString(start) ?? max(faultEnd, start + scalar(at: start).utf8.count)
      return Token(.invalid, start..<end)
    }
  }

  /// A string with an unknown escape ends with its quote, one that is not closed with its line.
  private func endOfBrokenString(_ start: Int) -> Int? {
    let isRaw = self[start] == UInt8(ascii: "r")
    guard isRaw || self[start] == UInt8(ascii: "\"") else { return nil }
    var end = start + (isRaw ? 2 : 1)
    while !isLineEnd(end) {
      if self[end] == UInt8(ascii: "\"") { return end + 1 }
      end += self[end] == UInt8(ascii: "\\") && !isRaw && !isLineEnd(end + 1) ? 2 : 1
    }
    return end
  }
}
