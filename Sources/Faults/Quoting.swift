/// The text in double quotes, on one line: names in a file may hold any character.
package func quoted(_ text: String) -> String { text.debugDescription }

/// The text, or its beginning and an ellipsis where it has more than `limit` scalars.
package func shortened(_ text: String, to limit: Int) -> String {
  guard let end = text.unicodeScalars.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex),
    end < text.endIndex
  else { return text }
  return String(text[..<end]) + "…"
}

extension String {
  /// The same on one line and without power over the terminal: control characters and those that
  /// turn the direction of writing appear as escapes.
  package var escapingControls: String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars { result.append(escapingControl: scalar) }
    return String(result)
  }

  /// ``escapingControls`` of a text that may be long.
  ///
  /// - Throws: ``Interrupted``.
  package func interruptiblyEscapingControls() throws -> String {
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
    case "\0"..<" ", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}":
      let code = String(scalar.value, radix: 16, uppercase: true)
      append(contentsOf: "\\u{\(code)}".unicodeScalars)
    default: append(scalar)
    }
  }
}
