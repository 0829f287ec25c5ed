import FixtureFiles
import Foundation
import Testing

@testable import Tokenization

/// Every code point against what Hugging Face `tokenizers` does with it.
struct CharacterTests {
  private static let table = Result {
    let file = FixtureFiles.folder.appending(path: "tokenizer/characters.tsv")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    return Dictionary(
      uniqueKeysWithValues: lines.map { line in
        let fields = line.split(separator: "\t").map(String.init)
        return (fields[0], Array(fields.dropFirst()))
      })
  }

  private func entries(_ property: String) throws -> [String] {
    try #require(try Self.table.get()[property])
  }

  @Test(
    arguments: [
      ("removed", \.isRemovedByCleaning), ("separator", \.isWordSeparator),
      ("punctuation", \.isWordOfItsOwn), ("ideograph", \.isIdeograph),
      ("nonspacing", \.isUndecomposedMark), ("reordered", \.isReordered),
    ] as [(String, KeyPath<Unicode.Scalar, Bool> & Sendable)])
  func propertyIsTheLibrarys(name: String, property: KeyPath<Unicode.Scalar, Bool> & Sendable) throws {
    var expected = Set<UInt32>()
    for entry in try entries(name) {
      let bounds = entry.split(separator: "-").compactMap { UInt32($0, radix: 16) }
      try #require(bounds.count == 2)
      expected.formUnion(bounds[0]...bounds[1])
    }
    let found = Set(allScalars.filter { $0[keyPath: property] }.map(\.value))
    #expect(found.symmetricDifference(expected).sorted() == [])
  }

  @Test func decompositionsAreTheLibrarys() throws {
    var expected: [UInt32: [UInt32]] = [:]
    for entry in try entries("decomposes") {
      let sides = entry.split(separator: "=")
      try #require(sides.count == 2)
      let code = try #require(UInt32(sides[0], radix: 16))
      expected[code] = sides[1].split(separator: "+").compactMap { UInt32($0, radix: 16) }
    }
    #expect(expected.count > 2000)
    let differing = allScalars.filter {
      !syllables.contains($0.value) && parts($0) != expected[$0.value] ?? [$0.value]
    }
    #expect(differing.map(\.value) == [])
  }

  @Test func syllablesDecomposeAsFoundationDecomposesThem() {
    let differing = syllables.compactMap(Unicode.Scalar.init).filter {
      parts($0) != String($0).decomposedStringWithCanonicalMapping.unicodeScalars.map(\.value)
    }
    #expect(differing.map(\.value) == [])
  }

  private let syllables: ClosedRange<UInt32> = 0xAC00...0xD7A3

  private func parts(_ scalar: Unicode.Scalar) -> [UInt32] {
    var parts: [UInt32] = []
    Decomposition.forEach(of: scalar) { parts.append($0.value) }
    return parts
  }

  private var allScalars: some Sequence<Unicode.Scalar> {
    (UInt32(0)...0x10FFFF).lazy.compactMap(Unicode.Scalar.init)
  }
}

/// Marks are asked for their properties after decomposition, so only those matter that have none.
extension Unicode.Scalar {
  fileprivate var isUndecomposedMark: Bool { isNonspacingMark && isUndecomposed }
  fileprivate var isReordered: Bool { combiningClass > 1 && isUndecomposed }

  private var isUndecomposed: Bool {
    var isUndecomposed = true
    Decomposition.forEach(of: self) { if $0 != self { isUndecomposed = false } }
    return isUndecomposed
  }
}
