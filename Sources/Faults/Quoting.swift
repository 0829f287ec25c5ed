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

extension String {
  /// The same on one line and without power over the terminal: control characters and those that
  /// turn the direction of writing appear as escapes.
  package var escapingControls: String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": result.append(contentsOf: #"\n"#.unicodeScalars)
      case "\r": result.append(contentsOf: #"\r"#.unicodeScalars)
      case "\t": result.append(contentsOf: #"\t"#.unicodeScalars)
      case "\0"..<" ", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}":
        let code = String(scalar.value, radix: 16, uppercase: true)
        result.append(contentsOf: "\\u{\(code)}".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
