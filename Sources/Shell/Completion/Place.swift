/// Where the cursor stands: the word before it and what surrounds that word.
struct Place {
  /// The text from `start` to the cursor.
  private(set) var word = ""
  /// UTF-8 offset of the word.
  private(set) var start = 0
  /// The first word of the statement.
  private(set) var verb = ""
  private(set) var isInString = false
  /// `key` when the word follows `key=`.
  private(set) var option: String?
  /// The function whose parenthesis is open.
  private(set) var innermostCall: String?
  /// Whether the word begins the statement.
  var isFirst: Bool { verb.isEmpty && option == nil && innermostCall == nil }

  /// - Parameter text: everything before the cursor.
  init(_ text: [UInt8]) {
    var calls: [String] = []
    func take(_ end: Int) -> String { String(decoding: text[start..<end], as: UTF8.self) }
    for (offset, byte) in text.enumerated() {
      let character = Character(Unicode.Scalar(byte))
      if isInString {
        if character == "\"", text[offset - 1] != UInt8(ascii: "\\") {
          isInString = false
          start = offset + 1
        }
        continue
      }
      switch character {
      case "\"":
        if verb.isEmpty { verb = take(offset) }
        isInString = true
        start = offset + 1
      case "\n", ";", "}":
        (verb, option, calls) = ("", nil, [])
        start = offset + 1
      case " ", "\t", ",":
        if verb.isEmpty { verb = take(offset) }
        option = nil
        start = offset + 1
      case "(":
        calls.append(take(offset))
        start = offset + 1
      case ")":
        calls = calls.dropLast()
        start = offset + 1
      case "=":
        option = take(offset)
        start = offset + 1
      case "[", "{", "+", "<", ">", "!":
        // A bracket or brace inside a node's name (`L0-5H{1`) is left to the user.
        start = offset + 1
      default: break
      }
    }
    innermostCall = calls.last
    word = String(decoding: text[start...], as: UTF8.self)
  }
}
