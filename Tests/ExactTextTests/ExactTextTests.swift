import ExactText
import Testing

/// What the operators and searches of ExactText say, beside what arrays of scalars say.
@Suite struct ExactTextTests {
  private static let composed = "\u{E9}"
  private static let decomposed = "e\u{301}"

  @Test func canonicallyEquivalentTextsDiffer() {
    let (a, b) = (Self.composed, Self.decomposed)
    // Swift alone takes them for the same, by every way that this file does not import.
    #expect(a.unicodeScalars.count != b.unicodeScalars.count)
    #expect(!(a == b) && a != b && b < a && a > b && b <= a && a >= b)
    let (someA, someB): (String?, String?) = (a, b)
    let (partA, partB): (Substring, Substring) = (a[...], b[...])
    let equal = [someA == b, a == someB, someA == someB, partA == b, a == partB]
    #expect(equal == [false, false, false, false, false])
    #expect(!([a] == [b]) && ![a].contains(b) && [a].firstIndex(of: b) == nil && [a].lastIndex(of: b) == nil)
    #expect(![b, "f", "e"].sorted().elementsEqual([a], by: ==))
    #expect(!(Character(a) == Character(b)) && Character(a) != Character(b))
    switch a {
    case "e\u{301}": Issue.record("a switch takes them for the same")
    default: break
    }
    switch Optional(a) {
    case "e\u{301}": Issue.record("a switch takes them for the same")
    default: break
    }
  }

  @Test func namesAreKeptApart() {
    var table: NameTable<Int> = ["\u{E9}": 1]
    table[Self.decomposed] = 2
    #expect(table.count == 2 && table[Self.composed] == 1 && table[Self.decomposed] == 2)
    #expect(Array(table.keys) == [Self.composed, Self.decomposed])
    #expect(table.keys.contains(Self.decomposed) && !table.keys.contains("e"))
    table[Self.composed] = nil
    #expect(table.count == 1 && table[Self.composed] == nil)
    var names: Set<Name> = []
    #expect(names.insert(Self.composed).inserted && names.insert(Self.decomposed).inserted)
    #expect(NameList([Self.composed, Self.decomposed, Self.composed]).count == 2)
  }

  /// Texts of marks, flags, line ends and bases, each compared, ordered and searched as its scalars are.
  @Test func agreesWithScalars() {
    var generator = Generator(state: 12)
    let alphabet: [Unicode.Scalar] = [
      "a", "e", "/", "\u{301}", "\u{323}", "\u{E9}", "\u{1F1E9}", "\u{1F1EA}", "\r", "\n", "\u{200D}",
      "\u{1F469}",
      "\u{FFFD}", "\u{10000}",
    ]
    func text(_ longest: Int) -> String {
      var scalars = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...longest, using: &generator) {
        scalars.append(alphabet.randomElement(using: &generator)!)
      }
      return String(scalars)
    }
    for _ in 0..<20_000 {
      let (x, y, part) = (text(6), text(6), text(2))
      let (a, b, p) = (Array(x.unicodeScalars), Array(y.unicodeScalars), Array(part.unicodeScalars))
      #expect((x == y) == (a == b))
      #expect((x < y) == a.lexicographicallyPrecedes(b))
      #expect((Name(x) == Name(y)) == (a == b) && (Name(x) < Name(y)) == (x < y))
      if a == b { #expect(Name(x).hashValue == Name(y).hashValue) }
      #expect(x.hasPrefix(part) == a.starts(with: p))
      #expect(x.hasSuffix(part) == a.reversed().starts(with: p.reversed()))
      #expect(x.contains(part) == (p.isEmpty || (0..<max(1, a.count)).contains { a[$0...].starts(with: p) }))
      guard !p.isEmpty else { continue }
      #expect(
        x.split(separator: part, omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
          == parts(a, p))
      #expect(x.split(separator: part).map { Array($0.unicodeScalars) } == parts(a, p).filter { !$0.isEmpty })
    }
  }

  private func parts(_ text: [Unicode.Scalar], _ separator: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
    var (parts, place): ([[Unicode.Scalar]], Int) = ([[]], 0)
    while place < text.count {
      if text[place...].starts(with: separator) {
        parts.append([])
        place += separator.count
      } else {
        parts[parts.count - 1].append(text[place])
        place += 1
      }
    }
    return parts
  }

  /// A search asks after each 4096 bytes, so what it asks counts its steps: as many for a text that begins to match
  /// everywhere as for any other.
  @Test(arguments: ["a", "\u{323}\u{301}"])
  func searchIsLinear(_ unit: String) throws {
    let counts = try (12...15).map { power -> Int in
      let text = String(repeating: unit, count: 1 << power)
      let part = String(repeating: unit, count: 1 << (power - 1)) + "b"
      var asked = 0
      _ = try TextSearch(for: part) { asked += 1 }.places(in: text)
      return asked
    }
    for (few, many) in zip(counts, counts.dropFirst()) { #expect(many <= 2 * few + 2, "\(counts)") }
  }
}

/// Marsaglia, "Xorshift RNGs", 2003.
private struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
