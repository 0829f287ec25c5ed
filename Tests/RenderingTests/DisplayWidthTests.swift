import Testing

@testable import Rendering

@Test(arguments: [
  ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("作者", 4), ("ｗ", 2), ("가", 2), ("\u{1100}\u{1161}", 2),
  ("🙂", 2), ("👩‍👩‍👧", 2), ("🇨🇭", 2), ("❤\u{FE0F}", 2), ("❤", 1), ("\u{200B}", 0), ("##ing", 5), ("ที่", 1),
])
func widthsAreThoseOfATerminal(text: String, width: Int) {
  #expect(displayWidth(text) == width)
}

@Test(arguments: [
  ("author", 6, "author"), ("author", 5, "auth…"), ("author", 1, "…"), ("author", 0, ""),
  ("作者的", 5, "作者…"), ("作者的", 4, "作…"), ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
])
func textIsCutToColumns(text: String, width: Int, expected: String) {
  #expect(truncate(text, to: width, ellipsis: "…") == expected)
}

@Test func asciiEllipsisIsCutToo() {
  #expect(truncate("author", to: 5, ellipsis: "...") == "au...")
  #expect(truncate("author", to: 2, ellipsis: "...") == "..")
}

@Test func controlCharactersLoseTheirPower() {
  #expect("a\nb\tc\r".escapingControls == #"a\nb\tc\r"#)
  #expect("\u{1B}[31m\0\u{202E}".escapingControls == #"\u{1B}[31m\u{0}\u{202E}"#)
  #expect("作者 e\u{301}".escapingControls == "作者 e\u{301}")
}
