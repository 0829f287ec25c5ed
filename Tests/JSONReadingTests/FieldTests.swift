import Testing

@testable import JSONReading

/// Typed access and the paths that its errors name.
struct FieldTests {
  private static let text = #"""
    {"model": {"sizes": [3, 2.0, 2e1, -1, 2.5, 1e-400], "name": "x", "none": null, "on": false},
     "é": "\"\\\/\b\f\n\r\t\u00e9\uD83D\ude00e\u0301", "e\u0301": 7, "a.\n\"b": [[]], "": true}
    """#

  private func document() throws -> JSONField { try JSONField(document: Array(Self.text.utf8)) }

  private func sentence(_ read: (JSONField) throws -> Any?) throws -> String? {
    let document = try document()
    return #expect(throws: JSONProblem.self) { _ = try read(document) }?.sentence
  }

  @Test func valuesAreRead() throws {
    let document = try document()
    let model = try document.required("model")
    let sizes = try model.required("sizes").elements()
    #expect(try sizes.prefix(3).map { try $0.count() } == [3, 2, 20])
    #expect(try sizes.map { try $0.number() } == [3, 2, 20, -1, 2.5, 0])
    #expect(sizes.map(\.value.integer) == [3, nil, nil, -1, nil, nil])
    #expect(try model.required("name").string() == "x")
    #expect(try model.required("on").bool() == false)
    #expect(try model.optional("none") == nil && model.optional("absent") == nil)
    #expect(try document.required("").bool())
  }

  @Test func escapesAreRead() throws {
    let string = try document().required("\u{E9}").string()
    let expected = "\"\\/\u{8}\u{C}\n\r\t\u{E9}\u{1F600}e\u{301}"
    #expect(string.unicodeScalars.elementsEqual(expected.unicodeScalars))
  }

  @Test func keysAreComparedScalarByScalar() throws {
    #expect(try document().required("e\u{301}").count() == 7)
    let keys = try document().members().map { Array($0.key.unicodeScalars) }
    #expect(keys == ["model", "\u{E9}", "e\u{301}", "a.\n\"b", ""].map { Array($0.unicodeScalars) })
  }

  @Test func mismatchesNamePathExpectedAndFound() throws {
    #expect(
      try sentence { try $0.required("model").required("size") }
        == ": model: expected the key \"size\", found an object with keys name, none, on, sizes")
    #expect(
      try sentence { try $0.required("model").required("none").string() }
        == ": model.none: expected a string, found null")
    #expect(
      try sentence { try $0.required("model").required("sizes").elements()[3].count() }
        == ": model.sizes[3]: expected a whole number from 0, found -1")
    #expect(
      try sentence { try $0.required("model").required("sizes").elements()[4].count() }
        == ": model.sizes[4]: expected a whole number from 0, found 2.5")
    #expect(
      try sentence { try $0.required("model").required("sizes").bool() }
        == ": model.sizes: expected true or false, found a list of 6")
    #expect(
      try sentence { try $0.required("model").required("name").number() }
        == ": model.name: expected a number, found \"x\"")
    #expect(
      try sentence { try $0.required("a.\n\"b").elements()[0].string() }
        == ": a.\\n\\\"b[0]: expected a string, found a list of 0")
    #expect(
      try sentence { try $0.elements() }
        == ": expected a list, found an object with keys , a.\\n\\\"b, e\u{301}, model, \u{E9}")
  }

  @Test(arguments: [
    ("{}", "an object with no keys"), ("{\"a\": 1}", "an object with key a"),
    (
      "{\"g\":1,\"f\":1,\"e\":1,\"d\":1,\"c\":1,\"b\":1,\"a\":1}", "an object with keys a, b, c, d, e, f, ..."
    ),
    ("\"\(String(repeating: "x", count: 41))\"", "\"\(String(repeating: "x", count: 40))...\""),
    ("\"a\\nb\"", "\"a\\nb\""), ("99999999999999999999", "99999999999999999999"), ("true", "true"),
  ])
  func values(text: String, called name: String) throws {
    #expect(try JSONReader.read(Array(text.utf8)).description == name)
  }
}
