import Testing

@testable import JSONReading

/// What is refused, where, and in which words.
struct SyntaxTests {
  private func sentence(_ bytes: [UInt8]) -> String? {
    #expect(throws: JSONProblem.self) { try JSONReader.read(bytes) }?.sentence
  }

  @Test(arguments: [
    ("", ":1:1: expected a value, found the end of the text"),
    (" \t\r\n", ":2:1: expected a value, found the end of the text"),
    ("[1,]", ":1:4: expected a value, found ']'"),
    ("[,1]", ":1:2: expected a value, found ','"),
    ("[1 2]", ":1:4: expected ',' or ']', found '2'"),
    ("{\"a\" 1}", ":1:6: expected ':', found '1'"),
    ("{\"a\": 1,}", ":1:9: expected a key in double quotes, found '}'"),
    ("{a: 1}", ":1:2: expected a key in double quotes, found 'a'"),
    ("{\"\u{E9}\u{1F600}\": 1\n \"b\": 2}", ":2:2: expected ',' or '}', found '\"'"),
    ("[\"\u{E9}\u{1F600}\" \u{1F601}]", ":1:7: expected ',' or ']', found '\u{1F601}'"),
    ("1 x", ":1:3: expected the end of the text, found 'x'"),
    ("nul", ":1:1: expected a value, found 'n'"),
    ("True", ":1:1: expected a value, found 'T'"),
    ("NaN", ":1:1: expected a value, found 'N'"),
    ("\u{FEFF}1", ":1:1: expected a value, found '\u{FEFF}'"),
    ("1\0", ":1:2: expected the end of the text, found byte 0x00"),
    ("// x\n1", ":1:1: expected a value, found '/'"),
  ])
  func structure(text: String, expected: String) { #expect(sentence(Array(text.utf8)) == expected) }

  @Test(arguments: [
    ("+1", ":1:1: expected a value, found '+'"),
    (".5", ":1:1: expected a value, found '.'"),
    ("-", ":1:2: expected a digit, found the end of the text"),
    ("-a", ":1:2: expected a digit, found 'a'"),
    ("01", ":1:1: expected a number without leading zeros, found '0'"),
    ("-00", ":1:1: expected a number without leading zeros, found '-'"),
    ("1.", ":1:3: expected a digit, found the end of the text"),
    ("1.e1", ":1:3: expected a digit, found 'e'"),
    ("1e", ":1:3: expected a digit, found the end of the text"),
    ("1e+", ":1:4: expected a digit, found the end of the text"),
    ("0x1", ":1:2: expected the end of the text, found 'x'"),
    ("[1e999]", ":1:2: expected a number of magnitude up to 1.7976931348623157e+308, found 1e999"),
    ("-2e308", ":1:1: expected a number of magnitude up to 1.7976931348623157e+308, found -2e308"),
  ])
  func numbers(text: String, expected: String) { #expect(sentence(Array(text.utf8)) == expected) }

  @Test(arguments: [
    (#""a"#, ":1:3: expected '\"', found the end of the text"),
    ("\"a\\", ":1:4: expected an escape such as \\n, found the end of the text"),
    ("\"a\n\"", ":1:3: expected no control character inside a string, found byte 0x0a"),
    (#""\x""#, ":1:3: expected an escape such as \\n, found 'x'"),
    (#""\u12"#, ":1:6: expected four hexadecimal digits, found the end of the text"),
    (#""\u12g4""#, ":1:6: expected four hexadecimal digits, found 'g'"),
    (#""\u12é4""#, ":1:6: expected four hexadecimal digits, found 'é'"),
    (#""\ud800""#, ":1:2: expected a whole surrogate pair, found \\ud800"),
    (#""\udc00\ud800""#, ":1:2: expected a whole surrogate pair, found \\udc00"),
    (#""\ud800\u0041""#, ":1:2: expected a whole surrogate pair, found \\ud800\\u0041"),
    (#""\ud800\ud800""#, ":1:2: expected a whole surrogate pair, found \\ud800\\ud800"),
    (#""\ud800\n""#, ":1:2: expected a whole surrogate pair, found \\ud800"),
  ])
  func strings(text: String, expected: String) { #expect(sentence(Array(text.utf8)) == expected) }

  @Test(arguments: [
    ([0xC3, 0x28], 1, "0xc3"), ([0xFF], 1, "0xff"), ([0xED, 0xA0, 0x80], 1, "0xed"),
    ([0xC0, 0xAF], 1, "0xc0"),
    ([0xC3, 0xA9, 0x80], 3, "0x80"),
  ])
  func encoding(bytes: [UInt8], place: Int, found: String) {
    let problem = #expect(throws: JSONProblem.self) { try JSONReader.read([0x22] + bytes + [0x22]) }
    let column = place == 3 ? 3 : 2
    #expect(
      problem
        == .syntax(byte: place, line: 1, column: column, expected: "UTF-8", found: "byte \(found)"))
  }

  @Test func bytesCountFromTheStart() {
    let problem = #expect(throws: JSONProblem.self) {
      try JSONReader.read(Array("{\"\u{E9}\":\n \u{E9}}".utf8))
    }
    #expect(problem == .syntax(byte: 8, line: 2, column: 2, expected: "a value", found: "'\u{E9}'"))
  }

  @Test func eachKeyOnce() {
    let repeated = #"{"a": {"b": 1}, "\u0061": 2}"#
    #expect(sentence(Array(repeated.utf8)) == ":1:17: expected each key once, found \"a\" again")
  }

  /// What `json.loads` of Python 3.11 reads, strictly refused.
  @Test(arguments: [
    ("NaN", "NaN"), ("Infinity", "Infinity"), ("-Infinity", "-Infinity"), ("1e999", "1e999"),
    ("[-1, -Infinity, 2]", "a list of 3"), (#"{"a": 1, "\u0061": NaN}"#, "an object with key a"),
  ])
  func pythonReadsMore(text: String, called name: String) throws {
    #expect(try JSONReader.read(Array(text.utf8), .python).description == name)
    #expect(sentence(Array(text.utf8)) != nil)
  }

  @Test(arguments: [
    ("nan", ":1:1: expected a value, found 'n'"), ("-NaN", ":1:2: expected a digit, found 'N'"),
    ("+Infinity", ":1:1: expected a value, found '+'"), ("Inf", ":1:1: expected a value, found 'I'"),
    ("-Inf", ":1:2: expected a digit, found 'I'"), ("[1,]", ":1:4: expected a value, found ']'"),
  ])
  func pythonRefuses(text: String, expected: String) {
    let problem = #expect(throws: JSONProblem.self) { try JSONReader.read(Array(text.utf8), .python) }
    #expect(problem?.sentence == expected)
  }

  /// A member keeps its first place and has its last value, as in a dictionary of Python.
  @Test func theLastOfEqualKeysCounts() throws {
    let text = #"{"a": 1, "b": 2, "a": {"c": 3}, "é": 4, "e\u0301": 5}"#
    let document = try JSONField(document: Array(text.utf8), .python)
    #expect(try document.members().map(\.key.unicodeScalars.count) == [1, 1, 1, 2])
    #expect(try document.required("a").required("c").count() == 3)
  }

  /// Cost grows with the length of the text: a quarter of a million equal keys take a moment.
  @Test func repeatedKeysAreCheap() throws {
    let text = "{" + String(repeating: "\"a\": 1, ", count: 250_000) + "\"a\": 2}"
    let start = ContinuousClock.now
    #expect(try JSONField(document: Array(text.utf8), .python).required("a").count() == 2)
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test(arguments: [("[", "]"), ("{\"a\":", "}")]) func depth(open: String, close: String) throws {
    func nested(_ levels: Int) -> [UInt8] {
      Array((String(repeating: open, count: levels) + "1" + String(repeating: close, count: levels)).utf8)
    }
    _ = try JSONReader.read(nested(128))
    let column = 128 * open.utf8.count + 1
    #expect(
      sentence(nested(129))
        == ":1:\(column): expected at most 128 levels of nesting, found '\(open.prefix(1))'")
  }
}
