import Testing

@testable import JSONReading

/// Keys that are canonically equivalent are two keys; one given twice is refused, or the last counts.
@Suite struct KeyTests {
  @Test func canonicallyEquivalentKeysAreTwo() throws {
    let text = "{\"\u{E9}\": 1, \"e\u{301}\": 2}"
    guard case .object(let object) = try JSONReader.read(Array(text.utf8)) else {
      Issue.record("no object")
      return
    }
    #expect(object.members.count == 2)
    #expect(object["\u{E9}"]?.integer == 1 && object["e\u{301}"]?.integer == 2)
  }

  @Test func decodedTablesKeepThem() throws {
    struct Texts: Decodable { let texts: [String] }
    let field = try JSONField(document: Array("{\"dtype\u{301}\": 1, \"dtype\": 2}".utf8))
    #expect(try field.required("dtype").count() == 2)
    #expect(try field.members().map(\.key.unicodeScalars.count) == [6, 5])
  }
}
