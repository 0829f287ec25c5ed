/// The text in double quotes, on one line: names in a file may hold any character.
package func quoted(_ text: String) -> String { text.debugDescription }

/// The text of bytes that are mostly UTF-8, with each byte that is no part of a character as `\xE9`.
package func showingInvalidBytes(_ bytes: [UInt8]) -> String {
  var (text, rest) = ("", bytes[...])
  while !rest.isEmpty {
    var (decoder, iterator) = (UTF8.ForwardParser(), rest.makeIterator())
    if case .valid(let scalar) = decoder.parseScalar(from: &iterator) {
      text += String(decoding: scalar, as: UTF8.self)
      rest = rest.dropFirst(scalar.count)
    } else {
      let digits = String(rest.removeFirst(), radix: 16, uppercase: true)
      text += "\\x\(digits)"
    }
  }
  return text
}

/// The text, or its beginning and an ellipsis where it has more than `limit` scalars.
package func shortened(_ text: String, to limit: Int) -> String {
  guard let end = text.unicodeScalars.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex),
    end < text.endIndex
  else { return text }
  return String(text[..<end]) + "…"
}

extension Unicode.Scalar {
  /// Whether a terminal would act on the character (C0, DEL, C1), break the line at it, or turn the direction of
  /// writing (Unicode's Bidi_Control).
  package var isTerminalControl: Bool {
    switch self {
    case "\0"..<" ", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{61C}",
      "\u{200E}", "\u{200F}":
      true
    default: false
    }
  }
}

extension StringProtocol {
  /// False only where no scalar is a ``Unicode/Scalar/isTerminalControl``; told by bytes, for most texts have none.
  package var mayHoldTerminalControls: Bool { mayHoldTerminalControls(but: "") }

  /// The same, where those in `allowed`, all of ASCII, do not count.
  package func mayHoldTerminalControls(but allowed: String) -> Bool {
    let allowed = Array(allowed.utf8)
    // The first bytes of UTF-8 for U+0080-U+00BF, U+0600-U+063F and U+2000-U+2FFF.
    func mayBegin(_ byte: UInt8) -> Bool {
      byte < 0x20 && !allowed.contains(byte) || byte == 0x7F || byte == 0xC2 || byte == 0xD8 || byte == 0xE2
    }
    return utf8.withContiguousStorageIfAvailable { $0.contains(where: mayBegin) }
      ?? utf8.contains(where: mayBegin)
  }
}

extension String {
  /// The same on one line and without power over the terminal: control characters and those that
  /// turn the direction of writing appear as escapes.
  package var escapingControls: String {
    guard mayHoldTerminalControls else { return self }
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars { result.append(escapingControl: scalar) }
    return String(result)
  }

  /// ``escapingControls`` of a text that may be long.
  ///
  /// - Throws: ``Interrupted``.
  package func interruptiblyEscapingControls() throws -> String {
    guard mayHoldTerminalControls else { return self }
    var (result, steps) = (String.UnicodeScalarView(), Steps())
    for scalar in unicodeScalars {
      try steps.next()
      result.append(escapingControl: scalar)
    }
    return String(result)
  }
}

extension String.UnicodeScalarView {
  fileprivate mutating func append(escapingControl scalar: Unicode.Scalar) {
    switch scalar {
    case "\n": append(contentsOf: #"\n"#.unicodeScalars)
    case "\r": append(contentsOf: #"\r"#.unicodeScalars)
    case "\t": append(contentsOf: #"\t"#.unicodeScalars)
    case _ where scalar.isTerminalControl:
      let code = String(scalar.value, radix: 16, uppercase: true)
      append(contentsOf: "\\u{\(code)}".unicodeScalars)
    default: append(scalar)
    }
  }
}
