import Testing

@testable import Tokenization

/// Laws that hold for every string, on random ones.
struct PropertyTests {
  private static let blocks: [ClosedRange<UInt32>] = [
    0...0x7F, 0x20...0x7E, 0x80...0x24F, 0x300...0x36F, 0x370...0x10FF, 0x1100...0x11FF,
    0x1AB0...0x20FF, 0x3000...0x30FF, 0x4E00...0x4FFF, 0xA800...0xD7FF, 0xE000...0xFFFF,
    0x10000...0x1FFFF, 0x1D150...0x1D1C0, 0x20000...0x10FFFF,
  ]

  private func text(_ generator: inout SplitMix) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...60, using: &generator) {
      guard let block = Self.blocks.randomElement(using: &generator) else { continue }
      Unicode.Scalar(UInt32.random(in: block, using: &generator)).map { text.append($0) }
    }
    if Bool.random(using: &generator) { text.append(contentsOf: "[MASK]".unicodeScalars) }
    return String(text)
  }

  @Test(arguments: modes.keys.sorted())
  func encodingsAreWellFormed(mode: String) throws {
    let vocabulary = try demoVocabulary()
    let tokenizer = try #require(tokenizers(vocabulary: vocabulary)[mode])
    var generator = SplitMix(state: 1)
    for _ in 0..<2000 {
      let first = text(&generator)
      let second = text(&generator)
      check(try tokenizer.encode(first, pair: second), [first, second], tokenizer)
    }
  }

  private func check(_ encoding: Encoding, _ texts: [String], _ tokenizer: Tokenizer) {
    let name = Comment(rawValue: texts.debugDescription)
    let counts = [
      encoding.tokens.count, encoding.types.count, encoding.offsets.count, encoding.isSpecial.count,
    ]
    #expect(counts.allSatisfy { $0 == encoding.ids.count }, name)
    #expect(encoding.types == encoding.types.sorted(), name)
    #expect(encoding.tokens.first == "[CLS]" && encoding.tokens.last == "[SEP]", name)
    #expect(encoding.isSpecial.count { $0 } == 3, name)
    for (id, token) in zip(encoding.ids, encoding.tokens) {
      #expect(tokenizer.vocabulary.token(Int(id)) == token, name)
    }
    for type in 0..<2 {
      let length = texts[type].unicodeScalars.count
      let own = encoding.ids.indices.filter { encoding.types[$0] == type && !encoding.isSpecial[$0] }
      let offsets = own.map { encoding.offsets[$0] }
      #expect(offsets.allSatisfy { !$0.isEmpty && $0.upperBound <= length }, name)
      // Two characters made from one share its offsets, so neighbours may overlap by that one.
      for (one, other) in zip(offsets, offsets.dropFirst()) {
        #expect(one.lowerBound <= other.lowerBound && one.upperBound <= other.upperBound, name)
        #expect(one.upperBound <= other.lowerBound + 1, name)
      }
    }
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same strings on every run and machine.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
