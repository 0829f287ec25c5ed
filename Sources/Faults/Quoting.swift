/// The text in double quotes, on one line: names in a file may hold any character.
package func quoted(_ text: String) -> String { text.debugDescription }

/// The text, or its beginning and an ellipsis where it has more than `limit` scalars.
package func shortened(_ text: String, to limit: Int) -> String {
  guard let end = text.unicodeScalars.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex),
    end < text.endIndex
  else { return text }
  return String(text[..<end]) + "…"
}
