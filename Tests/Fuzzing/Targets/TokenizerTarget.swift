import Foundation
import Tokenization

/// Texts, pairs of them and vocabularies: encodings are well-formed, whatever the characters.
package struct TokenizerTarget: FuzzTarget {
  private let tokenizer: Tokenizer
  private let settings: [UInt8]

  private static let vocabulary =
    [
      "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "a", "##b", "é", "日", "##c", "!", "\u{301}", "b",
      "ab", "##s",
    ]

  package let acceptsEverything = true

  package init() throws {
    let vocabulary = Data(Self.vocabulary.joined(separator: "\n").utf8)
    settings = Array(#"{"do_lower_case": true, "strip_accents": null, "model_max_length": 12}"#.utf8)
    tokenizer = try Tokenizer.load(Tokenizer.Files(vocabText: Array(vocabulary)), positions: 512)
  }

  package func input(_ generator: inout SeededGenerator) -> [UInt8] {
    if generator.chance(20) { return generator.randomBytes(0...60) }
    let text = generator.joined(0...12, separator: "") { generator in
      generator.chance(3)
        ? generator.pick([
          "the ", "[MASK]", "ab", "[CLS]", " ", "\t", "!", "日本", "e\u{301}", "\u{FB01}", "\0", "AB",
        ])
        : character(&generator)
    }
    let bytes = Array(text.utf8)
    return generator.chance(4) ? generator.mutated(bytes) : bytes
  }

  private static let blocks: [ClosedRange<UInt32>] = [
    0...0x7F, 0x80...0x24F, 0x300...0x36F, 0x370...0x10FF, 0x1100...0x11FF, 0x1AB0...0x20FF, 0x3000...0x30FF,
    0x4E00...0x4FFF, 0xA800...0xD7FF, 0xE000...0xFFFF, 0x10000...0x1FFFF, 0x1D150...0x1D1C0,
    0x20000...0x10FFFF,
  ]

  private func character(_ generator: inout SeededGenerator) -> String {
    let code = UInt32.random(in: generator.pick(Self.blocks), using: &generator)
    return Unicode.Scalar(code).map { String($0) } ?? ""
  }

  package func run(_ input: [UInt8]) throws -> String {
    let text = String(decoding: input, as: UTF8.self)
    let encoding = try outcome { try check(tokenizer.encode(text), [text]) }
    let half = String(text.prefix(text.count / 2))
    _ = try outcome { try check(tokenizer.encode(half, pair: text), [half, text]) }
    // The same bytes as the files of a tokenizer: read, or refused.
    _ = try outcome {
      _ = try Tokenizer.load(
        Tokenizer.Files(vocabText: input, tokenizerConfig: settings), positions: 8)
    }
    return encoding
  }

  private func check(_ encoding: Encoding, _ texts: [String]) throws {
    let counts = [
      encoding.tokens.count, encoding.types.count, encoding.offsets.count, encoding.isSpecial.count,
    ]
    try require(counts.allSatisfy { $0 == encoding.ids.count }, "counts \(counts)")
    try require(encoding.types == encoding.types.sorted(), "types \(encoding.types)")
    try require(
      encoding.tokens.first == "[CLS]" && encoding.tokens.last == "[SEP]", "ends")
    let specials = encoding.isSpecial.count { $0 }
    try require(specials == 1 + texts.count, "\(specials) special tokens")
    for (id, token) in zip(encoding.ids, encoding.tokens) {
      try require(tokenizer.vocabulary.token(Int(id)) == token, "token \(id) is \(token)")
    }
    for (type, text) in texts.enumerated() {
      let own = encoding.ids.indices.filter { Int(encoding.types[$0]) == type && !encoding.isSpecial[$0] }
      let offsets = own.map { encoding.offsets[$0] }
      let length = text.unicodeScalars.count
      try require(offsets.allSatisfy { !$0.isEmpty && $0.upperBound <= length }, "offsets \(offsets)")
      // Two characters made from one share its offsets, so neighbours may overlap by that one.
      for (one, other) in zip(offsets, offsets.dropFirst()) {
        try require(
          one.lowerBound <= other.lowerBound && one.upperBound <= other.upperBound
            && one.upperBound <= other.lowerBound + 1, "offsets \(offsets)")
      }
    }
  }
}
