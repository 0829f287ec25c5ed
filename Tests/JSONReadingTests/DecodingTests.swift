import Foundation
import Testing

@testable import JSONReading

/// `Decodable` types, against Foundation's decoder where that reads them.
struct DecodingTests {
  private struct Everything: Codable, Equatable {
    enum Kind: String, Codable { case gelu, relu }
    struct Point: Codable, Equatable { let x: Int, y: Int? }

    let flag: Bool
    let name: String
    let double: Double
    let float: Float
    let byte: UInt8
    let wide: UInt64
    let kind: Kind
    let point: Point?
    let absent: Int?
    let points: [Point]
    let maybe: [Int?]
    let byName: [String: [Double]]
    let byNumber: [Int: String]
  }

  private static let everything = """
    {"flag": true, "name": "x", "double": 1e-12, "float": 16777217.5, "byte": 255, "wide": 18446744073709551615,
     "kind": "relu", "point": {"x": -2, "y": null}, "absent": null, "points": [{"x": 1, "y": 2}, {"x": 3e0}],
     "maybe": [1, null, 2.0], "byName": {"0": [0.1, -0.0], "a": []}, "byNumber": {"0": "a", "12": "b"}}
    """

  private func decode<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
    try JSONField(document: Array(text.utf8)).decode(type)
  }

  @Test func agreesWithFoundation() throws {
    let ours = try decode(Everything.self, Self.everything)
    let theirs = try JSONDecoder().decode(Everything.self, from: Data(Self.everything.utf8))
    #expect(ours == theirs)
    #expect(ours.byName["0"]?.last?.sign == .minus)
  }

  @Test(arguments: [
    ("\"flag\": true", "\"flag\": 1", "flag: expected true or false, found 1"),
    ("\"x\", \"double\"", "3, \"double\"", "name: expected a string, found 3"),
    ("1e-12", "\"1\"", "double: expected a number, found \"1\""),
    ("16777217.5", "1e39", "float: expected a number, found 1e39"),
    ("255", "256", "byte: expected a whole number, found 256"),
    ("255", "-1", "byte: expected a whole number, found -1"),
    ("255", "2.5", "byte: expected a whole number, found 2.5"),
    (
      "18446744073709551615", "18446744073709551616",
      "wide: expected a whole number, found 18446744073709551616"
    ),
    ("\"relu\"", "\"tanh\"", "kind: expected a known value, found \"tanh\""),
    ("\"x\": -2,", "", "point: expected the key \"x\", found an object with key y"),
    ("3e0", "null", "points[1].x: expected a whole number, found null"),
    ("[1, null", "[{}, null", "maybe[0]: expected a whole number, found an object with no keys"),
    ("[0.1", "[true", "byName.0[0]: expected a number, found true"),
    ("[0.1, -0.0]", "{\"b\": 1}", "byName.0: expected a list, found an object with key b"),
    ("\"12\"", "\"twelve\"", "byNumber: expected a known value, found an object with keys 0, twelve"),
  ])
  func mismatchesNameThePlace(old: String, new: String, expected: String) throws {
    try #require(Self.everything.contains(old))
    let text = Self.everything.replacingOccurrences(of: old, with: new)
    let problem = #expect(throws: JSONProblem.self) { try decode(Everything.self, text) }
    #expect(problem?.sentence == ": \(expected)")
  }

  /// Reads through every kind of container by hand.
  private struct Nested: Decodable {
    enum Key: String, CodingKey { case inner, list, `super` }
    let numbers: [Int]
    let path: String

    init(from decoder: any Decoder) throws {
      let outer = try decoder.container(keyedBy: Key.self)
      let inner = try outer.nestedContainer(keyedBy: Key.self, forKey: .inner)
      var list = try inner.nestedUnkeyedContainer(forKey: .list)
      var deeper = try list.nestedUnkeyedContainer()
      let member = try list.nestedContainer(keyedBy: Key.self)
      numbers = [
        try deeper.decode(Int.self), try member.decode(Int.self, forKey: .list),
        try Int(from: list.superDecoder()), try Int(from: outer.superDecoder()), list.currentIndex,
      ]
      path = try inner.superDecoder(forKey: .list).codingPath.map(\.stringValue).joined(separator: "/")
      _ = try list.decode(Int.self)
    }
  }

  @Test func containersNest() throws {
    let text = "{\"inner\": {\"list\": [[1], {\"list\": 2}, 3, 5]}, \"super\": 4}"
    let nested = try decode(Nested.self, text)
    #expect(nested.numbers == [1, 2, 3, 4, 3])
    #expect(nested.path == "inner/list")
    let problem = #expect(throws: JSONProblem.self) {
      try decode(Nested.self, text.replacingOccurrences(of: ", 5", with: ""))
    }
    #expect(problem?.sentence == ": inner.list: expected a list of at least 4, found a list of 3")
  }

  private struct Refusing: Decodable {
    struct Refusal: Error {}
    init(from decoder: any Decoder) throws { throw Refusal() }
  }

  @Test func errorsOfTheTypePass() {
    #expect(throws: Refusing.Refusal.self) { try decode([Refusing].self, "[1]") }
  }
}
